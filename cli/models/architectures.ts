import type { Metadata } from "./gguf-metadata.ts";
import { float32Value, uint32Value } from "./gguf-metadata.ts";
import type { TensorShape } from "./gguf-writer.ts";
import type { Weights } from "./random-weights.ts";

/** A tensor of the model with what its weights look like. */
export interface Tensor extends TensorShape {
  readonly weights: Weights;
}

/** What an architecture adds to the file: its metadata, without the tokenizer's, and its tensors. */
export interface ArchitectureParts {
  readonly metadata: Metadata;
  readonly tensors: readonly Tensor[];
}

export interface LlamaParameters {
  readonly architecture: "llama";
  readonly embeddingLength: number;
  readonly layerCount: number;
  readonly headCount: number;
  /** Fewer than `headCount` gives grouped-query attention. */
  readonly keyValueHeadCount: number;
  /** A multiple of 32, so that quantised KV caches and flash attention work. */
  readonly headLength: number;
  readonly feedForwardLength: number;
  readonly trainedContextLength: number;
  readonly ropeFrequencyBase: number;
  /** The output layer reads the token embedding's weights, which saves a tensor. */
  readonly tiedOutput: boolean;
}

/** The parameters of every known architecture. A new one joins this union. */
export type ArchitectureParameters = LlamaParameters;

// A tied model answers with its own input when its embeddings weigh more than what the layers add.
// Small embeddings prevent that, and the last norm brings the logits back to a useful spread.
const embeddingDeviation = 0.02;
const logitDeviation = 3;

function gaussianMatrix(
  name: string,
  dimensions: readonly [inputLength: number, outputLength: number],
  standardDeviation: number,
): Tensor {
  return { name, dimensions, type: "f16", weights: { kind: "gaussian", standardDeviation } };
}

// A deviation of 1/sqrt(inputs) keeps activations near 1 through the layers, so that attention scores
// neither vanish nor saturate.
function matrix(name: string, inputLength: number, outputLength: number): Tensor {
  return gaussianMatrix(name, [inputLength, outputLength], 1 / Math.sqrt(inputLength));
}

function norm(name: string, length: number, value = 1): Tensor {
  return { name, dimensions: [length], type: "f32", weights: { kind: "constant", value } };
}

function outputNorm(length: number): Tensor {
  return norm(
    "output_norm.weight",
    length,
    logitDeviation / embeddingDeviation / Math.sqrt(length),
  );
}

function llamaLayer(parameters: LlamaParameters, layer: number): Tensor[] {
  const { embeddingLength, feedForwardLength, headLength } = parameters;
  const queryLength = parameters.headCount * headLength;
  const keyValueLength = parameters.keyValueHeadCount * headLength;
  const prefix = `blk.${layer}`;
  return [
    norm(`${prefix}.attn_norm.weight`, embeddingLength),
    matrix(`${prefix}.attn_q.weight`, embeddingLength, queryLength),
    matrix(`${prefix}.attn_k.weight`, embeddingLength, keyValueLength),
    matrix(`${prefix}.attn_v.weight`, embeddingLength, keyValueLength),
    matrix(`${prefix}.attn_output.weight`, queryLength, embeddingLength),
    norm(`${prefix}.ffn_norm.weight`, embeddingLength),
    matrix(`${prefix}.ffn_gate.weight`, embeddingLength, feedForwardLength),
    matrix(`${prefix}.ffn_up.weight`, embeddingLength, feedForwardLength),
    matrix(`${prefix}.ffn_down.weight`, feedForwardLength, embeddingLength),
  ];
}

function llamaMetadata(parameters: LlamaParameters, vocabularyLength: number): Metadata {
  return [
    ["llama.vocab_size", uint32Value(vocabularyLength)],
    ["llama.context_length", uint32Value(parameters.trainedContextLength)],
    ["llama.embedding_length", uint32Value(parameters.embeddingLength)],
    ["llama.block_count", uint32Value(parameters.layerCount)],
    ["llama.feed_forward_length", uint32Value(parameters.feedForwardLength)],
    ["llama.attention.head_count", uint32Value(parameters.headCount)],
    ["llama.attention.head_count_kv", uint32Value(parameters.keyValueHeadCount)],
    ["llama.attention.key_length", uint32Value(parameters.headLength)],
    ["llama.attention.value_length", uint32Value(parameters.headLength)],
    ["llama.attention.layer_norm_rms_epsilon", float32Value(1e-5)],
    ["llama.rope.dimension_count", uint32Value(parameters.headLength)],
    ["llama.rope.freq_base", float32Value(parameters.ropeFrequencyBase)],
  ];
}

function buildLlama(parameters: LlamaParameters, vocabularyLength: number): ArchitectureParts {
  const { layerCount } = parameters;
  const layers = Array.from({ length: layerCount }, (_, layer) => llamaLayer(parameters, layer));
  const vocabularyDimensions = [parameters.embeddingLength, vocabularyLength] as const;
  const output = gaussianMatrix("output.weight", vocabularyDimensions, embeddingDeviation);
  return {
    metadata: llamaMetadata(parameters, vocabularyLength),
    tensors: [
      gaussianMatrix("token_embd.weight", vocabularyDimensions, embeddingDeviation),
      ...layers.flat(),
      outputNorm(parameters.embeddingLength),
      ...(parameters.tiedOutput ? [] : [output]),
    ],
  };
}

/** Builds the metadata and tensor list of a model. A new architecture adds its case here. */
export function buildArchitecture(
  parameters: ArchitectureParameters,
  vocabularyLength: number,
): ArchitectureParts {
  switch (parameters.architecture) {
    case "llama":
      return buildLlama(parameters, vocabularyLength);
  }
}
