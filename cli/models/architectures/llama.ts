import { attention, denseMetadata, type DenseParameters, layers } from "./dense.ts";
import type { ArchitectureParts } from "./parts.ts";
import { feedForward, norm, outputNorm, vocabularyMatrix } from "./tensors.ts";

export interface LlamaParameters extends DenseParameters {
  readonly architecture: "llama";
  /** The output layer reads the token embedding's weights, which saves a tensor. */
  readonly tiedOutput: boolean;
}

export function buildLlama(
  parameters: LlamaParameters,
  vocabularyLength: number,
): ArchitectureParts {
  const { embeddingLength, feedForwardLength, layerCount, tiedOutput } = parameters;
  const output = vocabularyMatrix("output.weight", embeddingLength, vocabularyLength);
  return {
    metadata: denseMetadata("llama", parameters, vocabularyLength),
    tensors: [
      vocabularyMatrix("token_embd.weight", embeddingLength, vocabularyLength),
      ...layers(layerCount, (prefix) => [
        norm(`${prefix}.attn_norm.weight`, embeddingLength),
        ...attention(prefix, parameters),
        norm(`${prefix}.ffn_norm.weight`, embeddingLength),
        ...feedForward(prefix, embeddingLength, feedForwardLength),
      ]),
      outputNorm("output_norm.weight", embeddingLength),
      ...(tiedOutput ? [] : [output]),
    ],
  };
}
