const floatView = new Float32Array(1);
const bitsView = new Uint32Array(floatView.buffer);

/**
 * The IEEE 754 half closest to a number, ties away from zero, as 16 bits. Numbers below 2^-14 become
 * zero and those above 65504 are refused, as weights need neither.
 */
export function halfBits(value: number): number {
  floatView[0] = value;
  const bits = bitsView[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  // The exponent loses 127 - 15 = 112 and the fraction 23 - 10 = 13 bits. A fraction that rounds up
  // to the next power of two carries into the exponent by itself.
  const rounded = ((bits & 0x7fffffff) + 0x1000) >>> 13;
  const half = rounded - (112 << 10);
  if (half >= 0x7c00) throw new RangeError(`The number ${value} is too large for a half.`);
  return half < 0x400 ? sign : sign | half;
}
