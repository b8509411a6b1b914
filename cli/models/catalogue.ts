import type { ArchitectureParameters } from "./architectures.ts";
import { chatmlTemplate, reasoningTemplate } from "./chat-templates.ts";

/** All that decides the bytes of a model, apart from the tokenizer's merges. */
export interface ModelRecipe {
  readonly parameters: ArchitectureParameters;
  readonly chatTemplate: string;
  readonly seed: number;
}

const tinyParameters: ArchitectureParameters = {
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

const benchParameters: ArchitectureParameters = {
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

const largeParameters: ArchitectureParameters = {
  ...benchParameters,
  embeddingLength: 1_024,
  layerCount: 21,
  headCount: 16,
  keyValueHeadCount: 4,
  feedForwardLength: 2_816,
};

/** The test models by name: about 1 MB, 50 MB and 500 MB, and a tiny one whose template thinks. */
export const catalogue = {
  tiny: { parameters: tinyParameters, chatTemplate: chatmlTemplate, seed: 1 },
  "tiny-reasoning": { parameters: tinyParameters, chatTemplate: reasoningTemplate, seed: 1 },
  bench: { parameters: benchParameters, chatTemplate: chatmlTemplate, seed: 2 },
  large: { parameters: largeParameters, chatTemplate: chatmlTemplate, seed: 3 },
} as const satisfies Record<string, ModelRecipe>;

export type ModelName = keyof typeof catalogue;

export function isModelName(name: string): name is ModelName {
  return Object.hasOwn(catalogue, name);
}
