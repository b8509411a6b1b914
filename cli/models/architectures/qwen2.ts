import { int32ArrayValue } from "../gguf-metadata.ts";
import { attention, denseMetadata, type DenseParameters, layers } from "./dense.ts";
import type { ArchitectureParts } from "./parts.ts";
import { bias, feedForward, norm, outputNorm, vocabularyMatrix } from "./tensors.ts";

/** Full attention with biases; `qwen2vl` is the same with positions of several dimensions. */
export interface Qwen2Parameters extends DenseParameters {
  readonly architecture: "qwen2" | "qwen2vl";
  /**
   * How many of the rotated pairs of a head belong to time, height, width and nothing. Their sum is
   * half of `headLength`. `null` for `qwen2`, whose positions have one dimension.
   */
  readonly ropeSections: readonly [number, number, number, number] | null;
}

export function buildQwen2(
  parameters: Qwen2Parameters,
  vocabularyLength: number,
): ArchitectureParts {
  const { architecture, embeddingLength, feedForwardLength, layerCount } = parameters;
  const { ropeSections, headLength } = parameters;
  const keyValueLength = parameters.keyValueHeadCount * headLength;
  return {
    metadata: [
      ...denseMetadata(architecture, parameters, vocabularyLength),
      ...(ropeSections === null
        ? []
        : [[`${architecture}.rope.dimension_sections`, int32ArrayValue(ropeSections)] as const]),
    ],
    tensors: [
      vocabularyMatrix("token_embd.weight", embeddingLength, vocabularyLength),
      ...layers(layerCount, (prefix) => [
        norm(`${prefix}.attn_norm.weight`, embeddingLength),
        ...attention(prefix, parameters),
        bias(`${prefix}.attn_q.bias`, parameters.headCount * headLength),
        bias(`${prefix}.attn_k.bias`, keyValueLength),
        bias(`${prefix}.attn_v.bias`, keyValueLength),
        norm(`${prefix}.ffn_norm.weight`, embeddingLength),
        ...feedForward(prefix, embeddingLength, feedForwardLength),
      ]),
      outputNorm("output_norm.weight", embeddingLength),
    ],
  };
}
