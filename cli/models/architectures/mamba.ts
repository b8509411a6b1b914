import { float32Value, type Metadata, uint32Value } from "../gguf-metadata.ts";
import { layers } from "./dense.ts";
import type { ArchitectureParts } from "./parts.ts";
import { bias, constant, kernels, matrix, norm, outputNorm, vocabularyMatrix } from "./tensors.ts";

/** Recurrent layers: all that is kept of the text is a state of fixed size. */
export interface MambaParameters {
  readonly architecture: "mamba";
  readonly embeddingLength: number;
  readonly layerCount: number;
  readonly stateLength: number;
  readonly kernelLength: number;
  readonly timeStepRank: number;
  readonly trainedContextLength: number;
}

/** llama.cpp knows no other ratio of the inner to the embedding length. */
const expansion = 2;

// Together these let a state fade over about fifty tokens: long enough to tell texts apart.
const timeStepBias = -4;
const decay = -1;

function metadata(parameters: MambaParameters, vocabularyLength: number): Metadata {
  const { embeddingLength } = parameters;
  return [
    ["mamba.vocab_size", uint32Value(vocabularyLength)],
    ["mamba.context_length", uint32Value(parameters.trainedContextLength)],
    ["mamba.embedding_length", uint32Value(embeddingLength)],
    ["mamba.block_count", uint32Value(parameters.layerCount)],
    ["mamba.feed_forward_length", uint32Value(0)],
    ["mamba.attention.head_count", uint32Value(0)],
    ["mamba.attention.layer_norm_rms_epsilon", float32Value(1e-5)],
    ["mamba.ssm.conv_kernel", uint32Value(parameters.kernelLength)],
    ["mamba.ssm.inner_size", uint32Value(embeddingLength * expansion)],
    ["mamba.ssm.state_size", uint32Value(parameters.stateLength)],
    ["mamba.ssm.time_step_rank", uint32Value(parameters.timeStepRank)],
  ];
}

export function buildMamba(
  parameters: MambaParameters,
  vocabularyLength: number,
): ArchitectureParts {
  const { embeddingLength, kernelLength, layerCount, stateLength, timeStepRank } = parameters;
  const innerLength = embeddingLength * expansion;
  return {
    metadata: metadata(parameters, vocabularyLength),
    tensors: [
      vocabularyMatrix("token_embd.weight", embeddingLength, vocabularyLength),
      ...layers(layerCount, (prefix) => [
        norm(`${prefix}.attn_norm.weight`, embeddingLength),
        matrix(`${prefix}.ssm_in.weight`, embeddingLength, 2 * innerLength),
        kernels(`${prefix}.ssm_conv1d.weight`, kernelLength, innerLength),
        bias(`${prefix}.ssm_conv1d.bias`, innerLength),
        matrix(`${prefix}.ssm_x.weight`, innerLength, timeStepRank + 2 * stateLength),
        matrix(`${prefix}.ssm_dt.weight`, timeStepRank, innerLength),
        constant(`${prefix}.ssm_dt.bias`, [innerLength], timeStepBias),
        constant(`${prefix}.ssm_a`, [stateLength, innerLength], decay),
        constant(`${prefix}.ssm_d`, [innerLength], 1),
        matrix(`${prefix}.ssm_out.weight`, innerLength, embeddingLength),
      ]),
      outputNorm("output_norm.weight", embeddingLength),
    ],
  };
}
