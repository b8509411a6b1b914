import type { FillTensor } from "./gguf-writer.ts";
import { halfBits } from "./half-float.ts";
import { createRandomBits } from "./random-numbers.ts";

/** What the weights of a tensor look like. */
export type Weights =
  | { readonly kind: "gaussian"; readonly standardDeviation: number }
  | { readonly kind: "constant"; readonly value: number };

// 16 random bits choose one of the quantiles of the normal distribution, each as likely as another.
const quantileCount = 0x1_0000;

/**
 * The upper tail quantile of the normal distribution for a probability of at most one half, by the
 * rational approximation 26.2.23 of Abramowitz and Stegun. Its error is below 0.00045.
 */
function upperQuantile(probability: number): number {
  const t = Math.sqrt(-2 * Math.log(probability));
  const numerator = 2.515517 + t * (0.802853 + t * 0.010328);
  const denominator = 1 + t * (1.432788 + t * (0.189269 + t * 0.001308));
  return t - numerator / denominator;
}

function buildHalves(standardDeviation: number): Uint16Array {
  const halves = new Uint16Array(quantileCount);
  for (let index = 0; index < quantileCount / 2; index++) {
    const value = upperQuantile((index + 0.5) / quantileCount) * standardDeviation;
    halves[index] = halfBits(-value);
    halves[quantileCount - 1 - index] = halfBits(value);
  }
  return halves;
}

/** Keeps the table of halves of each standard deviation, of which a model has only a few. */
export class HalfTables {
  readonly #tables = new Map<number, Uint16Array>();

  get(standardDeviation: number): Uint16Array {
    const table = this.#tables.get(standardDeviation) ?? buildHalves(standardDeviation);
    this.#tables.set(standardDeviation, table);
    return table;
  }
}

/**
 * Fills an f16 tensor with gaussian weights that depend only on the seed and the tensor's name. Typed
 * arrays have the byte order of the machine, and every platform that Kvasir runs on is little-endian.
 */
export function gaussianFill(seed: number, tensorName: string, halves: Uint16Array): FillTensor {
  const nextBits = createRandomBits(seed, tensorName);
  return (bytes) => {
    const elements = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
    const evenLength = elements.length & ~1;
    for (let index = 0; index < evenLength; index += 2) {
      const bits = nextBits();
      elements[index] = halves[bits & 0xffff] as number;
      elements[index + 1] = halves[bits >>> 16] as number;
    }
    if (evenLength < elements.length) elements[evenLength] = halves[nextBits() & 0xffff] as number;
  };
}

/** Fills an f32 tensor in the same way. Only small tensors are f32, so nothing is kept for it. */
export function gaussianFloatFill(
  seed: number,
  tensorName: string,
  standardDeviation: number,
): FillTensor {
  const nextBits = createRandomBits(seed, tensorName);
  return (bytes) => {
    const elements = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
    for (let index = 0; index < elements.length; index++) {
      const bits = nextBits();
      const magnitude = upperQuantile(((bits & 0x7fff) + 0.5) / quantileCount) * standardDeviation;
      elements[index] = bits < 0 ? -magnitude : magnitude;
    }
  };
}

/** Fills an f32 tensor with one value, as norms have. */
export function constantFill(value: number): FillTensor {
  return (bytes) => {
    new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4).fill(value);
  };
}
