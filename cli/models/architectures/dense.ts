import { float32Value, type Metadata, uint32Value } from "../gguf-metadata.ts";
import type { Tensor } from "./parts.ts";
import { matrix } from "./tensors.ts";

/** The sizes of a transformer whose layers each have attention and a feed-forward network. */
export interface DenseParameters {
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
}

export function denseMetadata(
  architecture: string,
  parameters: DenseParameters,
  vocabularyLength: number,
): Metadata {
  return [
    [`${architecture}.vocab_size`, uint32Value(vocabularyLength)],
    [`${architecture}.context_length`, uint32Value(parameters.trainedContextLength)],
    [`${architecture}.embedding_length`, uint32Value(parameters.embeddingLength)],
    [`${architecture}.block_count`, uint32Value(parameters.layerCount)],
    [`${architecture}.feed_forward_length`, uint32Value(parameters.feedForwardLength)],
    [`${architecture}.attention.head_count`, uint32Value(parameters.headCount)],
    [`${architecture}.attention.head_count_kv`, uint32Value(parameters.keyValueHeadCount)],
    [`${architecture}.attention.key_length`, uint32Value(parameters.headLength)],
    [`${architecture}.attention.value_length`, uint32Value(parameters.headLength)],
    [`${architecture}.attention.layer_norm_rms_epsilon`, float32Value(1e-5)],
    [`${architecture}.rope.dimension_count`, uint32Value(parameters.headLength)],
    [`${architecture}.rope.freq_base`, float32Value(parameters.ropeFrequencyBase)],
  ];
}

/** Queries, keys, values and what brings the heads together again. */
export function attention(prefix: string, parameters: DenseParameters): Tensor[] {
  const { embeddingLength, headLength } = parameters;
  const queryLength = parameters.headCount * headLength;
  const keyValueLength = parameters.keyValueHeadCount * headLength;
  return [
    matrix(`${prefix}.attn_q.weight`, embeddingLength, queryLength),
    matrix(`${prefix}.attn_k.weight`, embeddingLength, keyValueLength),
    matrix(`${prefix}.attn_v.weight`, embeddingLength, keyValueLength),
    matrix(`${prefix}.attn_output.weight`, queryLength, embeddingLength),
  ];
}

/** The tensors of every layer, in the order of the layers. */
export function layers(
  count: number,
  build: (prefix: string, layer: number) => Tensor[],
): Tensor[] {
  return Array.from({ length: count }, (_, layer) => build(`blk.${layer}`, layer)).flat();
}
