import type { Tensor } from "./parts.ts";

// A tied model answers with its own input when its embeddings weigh more than what the layers add.
// Small embeddings prevent that, and the last norm brings the logits back to a useful spread.
const embeddingDeviation = 0.02;
const logitDeviation = 3;

// As large as the activations that they are added to, so that leaving one out is seen.
const biasDeviation = 1;

function gaussianMatrix(
  name: string,
  dimensions: readonly number[],
  standardDeviation: number,
): Tensor {
  return { name, dimensions, type: "f16", weights: { kind: "gaussian", standardDeviation } };
}

// A deviation of 1/sqrt(inputs) keeps activations near 1 through the layers, so that attention scores
// neither vanish nor saturate.
export function matrix(name: string, inputLength: number, outputLength: number): Tensor {
  return gaussianMatrix(name, [inputLength, outputLength], 1 / Math.sqrt(inputLength));
}

/** One matrix for each head. */
export function matrices(
  name: string,
  inputLength: number,
  outputLength: number,
  headCount: number,
): Tensor {
  const dimensions = [inputLength, outputLength, headCount];
  return gaussianMatrix(name, dimensions, 1 / Math.sqrt(inputLength));
}

/** The kernels of a convolution over time, one for each channel. */
export function kernels(name: string, kernelLength: number, channelCount: number): Tensor {
  const standardDeviation = 1 / Math.sqrt(kernelLength);
  const weights = { kind: "gaussian", standardDeviation } as const;
  return { name, dimensions: [kernelLength, channelCount], type: "f32", weights };
}

export function bias(name: string, length: number): Tensor {
  const weights = { kind: "gaussian", standardDeviation: biasDeviation } as const;
  return { name, dimensions: [length], type: "f32", weights };
}

export function constant(name: string, dimensions: readonly number[], value: number): Tensor {
  return { name, dimensions, type: "f32", weights: { kind: "constant", value } };
}

export function norm(name: string, length: number): Tensor {
  return constant(name, [length], 1);
}

export function outputNorm(name: string, length: number): Tensor {
  return constant(name, [length], logitDeviation / embeddingDeviation / Math.sqrt(length));
}

/** A matrix between tokens and embeddings, in either direction. */
export function vocabularyMatrix(
  name: string,
  embeddingLength: number,
  vocabularyLength: number,
): Tensor {
  return gaussianMatrix(name, [embeddingLength, vocabularyLength], embeddingDeviation);
}

/** The gated feed-forward network of a layer. */
export function feedForward(prefix: string, embeddingLength: number, length: number): Tensor[] {
  return [
    matrix(`${prefix}.ffn_gate.weight`, embeddingLength, length),
    matrix(`${prefix}.ffn_up.weight`, embeddingLength, length),
    matrix(`${prefix}.ffn_down.weight`, length, embeddingLength),
  ];
}
