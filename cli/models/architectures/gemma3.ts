import { uint32Value } from "../gguf-metadata.ts";
import { attention, denseMetadata, type DenseParameters, layers } from "./dense.ts";
import type { ArchitectureParts } from "./parts.ts";
import { feedForward, norm, outputNorm, vocabularyMatrix } from "./tensors.ts";

/** Attention within a sliding window, and over everything in every `fullAttentionEvery`th layer. */
export interface Gemma3Parameters extends DenseParameters {
  readonly architecture: "gemma3";
  readonly slidingWindowLength: number;
  readonly fullAttentionEvery: number;
}

export function buildGemma3(
  parameters: Gemma3Parameters,
  vocabularyLength: number,
): ArchitectureParts {
  const { embeddingLength, feedForwardLength, headLength, layerCount } = parameters;
  const { slidingWindowLength, fullAttentionEvery } = parameters;
  return {
    metadata: [
      ...denseMetadata("gemma3", parameters, vocabularyLength),
      ["gemma3.attention.sliding_window", uint32Value(slidingWindowLength)],
      ["gemma3.attention.sliding_window_pattern", uint32Value(fullAttentionEvery)],
    ],
    tensors: [
      vocabularyMatrix("token_embd.weight", embeddingLength, vocabularyLength),
      ...layers(layerCount, (prefix) => [
        norm(`${prefix}.attn_norm.weight`, embeddingLength),
        ...attention(prefix, parameters),
        norm(`${prefix}.attn_q_norm.weight`, headLength),
        norm(`${prefix}.attn_k_norm.weight`, headLength),
        norm(`${prefix}.post_attention_norm.weight`, embeddingLength),
        norm(`${prefix}.ffn_norm.weight`, embeddingLength),
        ...feedForward(prefix, embeddingLength, feedForwardLength),
        norm(`${prefix}.post_ffw_norm.weight`, embeddingLength),
      ]),
      outputNorm("output_norm.weight", embeddingLength),
    ],
  };
}
