import { int32ArrayValue, uint32Value } from "../gguf-metadata.ts";
import { attention, denseMetadata, type DenseParameters, layers } from "./dense.ts";
import type { ArchitectureParts, Tensor } from "./parts.ts";
import { feedForward, kernels, matrix, norm, outputNorm, vocabularyMatrix } from "./tensors.ts";

/** A hybrid: short convolutions over time, with full attention in the layers that are named. */
export interface Lfm2Parameters extends DenseParameters {
  readonly architecture: "lfm2";
  readonly kernelLength: number;
  readonly attentionLayers: readonly number[];
}

function shortConvolution(
  prefix: string,
  { embeddingLength, kernelLength }: Lfm2Parameters,
): Tensor[] {
  return [
    matrix(`${prefix}.shortconv.in_proj.weight`, embeddingLength, 3 * embeddingLength),
    kernels(`${prefix}.shortconv.conv.weight`, kernelLength, embeddingLength),
    matrix(`${prefix}.shortconv.out_proj.weight`, embeddingLength, embeddingLength),
  ];
}

function normedAttention(prefix: string, parameters: Lfm2Parameters): Tensor[] {
  return [
    ...attention(prefix, parameters),
    norm(`${prefix}.attn_q_norm.weight`, parameters.headLength),
    norm(`${prefix}.attn_k_norm.weight`, parameters.headLength),
  ];
}

export function buildLfm2(parameters: Lfm2Parameters, vocabularyLength: number): ArchitectureParts {
  const { embeddingLength, feedForwardLength, layerCount, attentionLayers } = parameters;
  // A layer without heads for keys and values is a convolution.
  const headCounts = Array.from({ length: layerCount }, (_, layer) =>
    attentionLayers.includes(layer) ? parameters.keyValueHeadCount : 0,
  );
  return {
    metadata: [
      ...denseMetadata("lfm2", parameters, vocabularyLength).map(([key, value]) =>
        key === "lfm2.attention.head_count_kv"
          ? ([key, int32ArrayValue(headCounts)] as const)
          : ([key, value] as const),
      ),
      ["lfm2.shortconv.l_cache", uint32Value(parameters.kernelLength)],
    ],
    tensors: [
      vocabularyMatrix("token_embd.weight", embeddingLength, vocabularyLength),
      ...layers(layerCount, (prefix, layer) => [
        norm(`${prefix}.attn_norm.weight`, embeddingLength),
        ...(attentionLayers.includes(layer)
          ? normedAttention(prefix, parameters)
          : shortConvolution(prefix, parameters)),
        norm(`${prefix}.ffn_norm.weight`, embeddingLength),
        ...feedForward(prefix, embeddingLength, feedForwardLength),
      ]),
      outputNorm("token_embd_norm.weight", embeddingLength),
    ],
  };
}
