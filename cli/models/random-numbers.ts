/** Yields the next 32 random bits as an integer of either sign. */
export type NextBits = () => number;

// FNV-1a with 32 bits.
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text, "utf8")) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/**
 * Chris Doty-Humphrey's sfc32 (PractRand), which is fast in 32-bit integers. Each stream name has its
 * own sequence, so that the tensors of a model do not depend on their order.
 */
export function createRandomBits(seed: number, streamName: string): NextBits {
  let a = seed | 0;
  let b = hashText(streamName);
  let c = hashText(`${streamName}#${seed}`);
  let counter = 1;
  function next(): number {
    const result = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result;
  }
  // The author's advice is to throw the first outputs away, as they still show the seed.
  for (let discarded = 0; discarded < 15; discarded++) next();
  return next;
}
