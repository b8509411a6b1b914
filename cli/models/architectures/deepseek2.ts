import { float32Value, type Metadata, uint32Value } from "../gguf-metadata.ts";
import { layers } from "./dense.ts";
import type { ArchitectureParts, Tensor } from "./parts.ts";
import { feedForward, matrices, matrix, norm, outputNorm, vocabularyMatrix } from "./tensors.ts";

/**
 * Multi-head latent attention: what is cached is one compressed vector for all heads, followed by
 * the one part of the key that is rotated. Its layers have no experts.
 */
export interface Deepseek2Parameters {
  readonly architecture: "deepseek2";
  readonly embeddingLength: number;
  readonly layerCount: number;
  readonly headCount: number;
  readonly queryRank: number;
  /** The length of the compressed vector. A multiple of 32, like the next one. */
  readonly keyValueRank: number;
  readonly rotatedLength: number;
  /** The part of a head's key that is not rotated. */
  readonly plainLength: number;
  readonly valueLength: number;
  readonly feedForwardLength: number;
  readonly trainedContextLength: number;
  readonly ropeFrequencyBase: number;
}

function metadata(parameters: Deepseek2Parameters, vocabularyLength: number): Metadata {
  const { keyValueRank, rotatedLength, plainLength, feedForwardLength } = parameters;
  return [
    ["deepseek2.vocab_size", uint32Value(vocabularyLength)],
    ["deepseek2.context_length", uint32Value(parameters.trainedContextLength)],
    ["deepseek2.embedding_length", uint32Value(parameters.embeddingLength)],
    ["deepseek2.block_count", uint32Value(parameters.layerCount)],
    ["deepseek2.leading_dense_block_count", uint32Value(parameters.layerCount)],
    ["deepseek2.feed_forward_length", uint32Value(feedForwardLength)],
    ["deepseek2.expert_feed_forward_length", uint32Value(feedForwardLength)],
    ["deepseek2.expert_shared_count", uint32Value(0)],
    ["deepseek2.attention.head_count", uint32Value(parameters.headCount)],
    ["deepseek2.attention.head_count_kv", uint32Value(1)],
    ["deepseek2.attention.q_lora_rank", uint32Value(parameters.queryRank)],
    ["deepseek2.attention.kv_lora_rank", uint32Value(keyValueRank)],
    ["deepseek2.attention.key_length", uint32Value(keyValueRank + rotatedLength)],
    ["deepseek2.attention.value_length", uint32Value(keyValueRank)],
    ["deepseek2.attention.key_length_mla", uint32Value(plainLength + rotatedLength)],
    ["deepseek2.attention.value_length_mla", uint32Value(parameters.valueLength)],
    ["deepseek2.attention.layer_norm_rms_epsilon", float32Value(1e-5)],
    ["deepseek2.rope.dimension_count", uint32Value(rotatedLength)],
    ["deepseek2.rope.freq_base", float32Value(parameters.ropeFrequencyBase)],
  ];
}

function latentAttention(prefix: string, parameters: Deepseek2Parameters): Tensor[] {
  const { embeddingLength, headCount, queryRank, keyValueRank, valueLength } = parameters;
  const { plainLength, rotatedLength } = parameters;
  const queryLength = headCount * (plainLength + rotatedLength);
  return [
    matrix(`${prefix}.attn_q_a.weight`, embeddingLength, queryRank),
    norm(`${prefix}.attn_q_a_norm.weight`, queryRank),
    matrix(`${prefix}.attn_q_b.weight`, queryRank, queryLength),
    matrix(`${prefix}.attn_kv_a_mqa.weight`, embeddingLength, keyValueRank + rotatedLength),
    norm(`${prefix}.attn_kv_a_norm.weight`, keyValueRank),
    matrices(`${prefix}.attn_k_b.weight`, plainLength, keyValueRank, headCount),
    matrices(`${prefix}.attn_v_b.weight`, keyValueRank, valueLength, headCount),
    matrix(`${prefix}.attn_output.weight`, headCount * valueLength, embeddingLength),
  ];
}

export function buildDeepseek2(
  parameters: Deepseek2Parameters,
  vocabularyLength: number,
): ArchitectureParts {
  const { embeddingLength, feedForwardLength, layerCount } = parameters;
  return {
    metadata: metadata(parameters, vocabularyLength),
    tensors: [
      vocabularyMatrix("token_embd.weight", embeddingLength, vocabularyLength),
      ...layers(layerCount, (prefix) => [
        norm(`${prefix}.attn_norm.weight`, embeddingLength),
        ...latentAttention(prefix, parameters),
        norm(`${prefix}.ffn_norm.weight`, embeddingLength),
        ...feedForward(prefix, embeddingLength, feedForwardLength),
      ]),
      outputNorm("output_norm.weight", embeddingLength),
    ],
  };
}
