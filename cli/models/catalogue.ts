import type { ArchitectureParameters } from "./architectures/build.ts";
import type { Deepseek2Parameters } from "./architectures/deepseek2.ts";
import type { Gemma3Parameters } from "./architectures/gemma3.ts";
import type { Lfm2Parameters } from "./architectures/lfm2.ts";
import type { LlamaParameters } from "./architectures/llama.ts";
import type { MambaParameters } from "./architectures/mamba.ts";
import type { Qwen2Parameters } from "./architectures/qwen2.ts";
import { chatmlTemplate, reasoningTemplate } from "./chat-templates.ts";

/** All that decides the bytes of a model, apart from the tokenizer's merges. */
export interface ModelRecipe {
  readonly parameters: ArchitectureParameters;
  readonly chatTemplate: string;
  readonly seed: number;
}

const tinyParameters: LlamaParameters = {
  architecture: "llama",
  embeddingLength: 64,
  layerCount: 2,
  headCount: 2,
  keyValueHeadCount: 1,
  headLength: 32,
  feedForwardLength: 192,
  trainedContextLength: 8_192,
  ropeFrequencyBase: 10_000,
  tiedOutput: true,
};

const benchParameters: LlamaParameters = {
  architecture: "llama",
  embeddingLength: 512,
  layerCount: 8,
  headCount: 8,
  keyValueHeadCount: 2,
  headLength: 64,
  feedForwardLength: 1_408,
  trainedContextLength: 131_072,
  ropeFrequencyBase: 500_000,
  tiedOutput: true,
};

const largeParameters: LlamaParameters = {
  ...benchParameters,
  embeddingLength: 1_024,
  layerCount: 21,
  headCount: 16,
  keyValueHeadCount: 4,
  feedForwardLength: 2_816,
};

// The other families are as small as `tiny`, with what is special about each of them.

const { architecture: _llama, tiedOutput: _tied, ...tinySizes } = tinyParameters;

const qwen2Parameters: Qwen2Parameters = {
  ...tinySizes,
  architecture: "qwen2",
  ropeSections: null,
};

const qwen2vlParameters: Qwen2Parameters = {
  ...tinySizes,
  architecture: "qwen2vl",
  ropeSections: [4, 6, 6, 0],
};

/** Its window is so short that a test of a few hundred tokens leaves it behind. */
const gemma3Parameters: Gemma3Parameters = {
  ...tinySizes,
  architecture: "gemma3",
  slidingWindowLength: 64,
  fullAttentionEvery: 2,
};

const deepseek2Parameters: Deepseek2Parameters = {
  architecture: "deepseek2",
  embeddingLength: 64,
  layerCount: 2,
  headCount: 2,
  queryRank: 32,
  keyValueRank: 64,
  rotatedLength: 32,
  plainLength: 32,
  valueLength: 32,
  feedForwardLength: 192,
  trainedContextLength: 8_192,
  ropeFrequencyBase: 10_000,
};

const mambaParameters: MambaParameters = {
  architecture: "mamba",
  embeddingLength: 64,
  layerCount: 2,
  stateLength: 16,
  kernelLength: 4,
  timeStepRank: 4,
  trainedContextLength: 8_192,
};

const lfm2Parameters: Lfm2Parameters = {
  ...tinySizes,
  architecture: "lfm2",
  layerCount: 4,
  kernelLength: 3,
  attentionLayers: [1, 3],
};

/** The test models by name: about 1 MB, 50 MB and 500 MB, and a tiny one of each other family. */
export const catalogue = {
  tiny: { parameters: tinyParameters, chatTemplate: chatmlTemplate, seed: 1 },
  "tiny-reasoning": { parameters: tinyParameters, chatTemplate: reasoningTemplate, seed: 1 },
  bench: { parameters: benchParameters, chatTemplate: chatmlTemplate, seed: 2 },
  large: { parameters: largeParameters, chatTemplate: chatmlTemplate, seed: 3 },
  "tiny-qwen2": { parameters: qwen2Parameters, chatTemplate: chatmlTemplate, seed: 4 },
  "tiny-qwen2vl": { parameters: qwen2vlParameters, chatTemplate: chatmlTemplate, seed: 5 },
  "tiny-gemma3": { parameters: gemma3Parameters, chatTemplate: chatmlTemplate, seed: 6 },
  "tiny-deepseek2": { parameters: deepseek2Parameters, chatTemplate: chatmlTemplate, seed: 7 },
  "tiny-mamba": { parameters: mambaParameters, chatTemplate: chatmlTemplate, seed: 8 },
  "tiny-lfm2": { parameters: lfm2Parameters, chatTemplate: chatmlTemplate, seed: 9 },
} as const satisfies Record<string, ModelRecipe>;

export type ModelName = keyof typeof catalogue;

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(catalogue, name);
}
