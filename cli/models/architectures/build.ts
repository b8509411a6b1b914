import { buildDeepseek2, type Deepseek2Parameters } from "./deepseek2.ts";
import { buildGemma3, type Gemma3Parameters } from "./gemma3.ts";
import { buildLfm2, type Lfm2Parameters } from "./lfm2.ts";
import { buildLlama, type LlamaParameters } from "./llama.ts";
import { buildMamba, type MambaParameters } from "./mamba.ts";
import type { ArchitectureParts } from "./parts.ts";
import { buildQwen2, type Qwen2Parameters } from "./qwen2.ts";

/** The parameters of every known architecture. A new one joins this union. */
export type ArchitectureParameters =
  | LlamaParameters
  | Qwen2Parameters
  | Gemma3Parameters
  | Deepseek2Parameters
  | MambaParameters
  | Lfm2Parameters;

/** Builds the metadata and tensor list of a model. A new architecture adds its case here. */
export function buildArchitecture(
  parameters: ArchitectureParameters,
  vocabularyLength: number,
): ArchitectureParts {
  switch (parameters.architecture) {
    case "llama":
      return buildLlama(parameters, vocabularyLength);
    case "qwen2":
    case "qwen2vl":
      return buildQwen2(parameters, vocabularyLength);
    case "gemma3":
      return buildGemma3(parameters, vocabularyLength);
    case "deepseek2":
      return buildDeepseek2(parameters, vocabularyLength);
    case "mamba":
      return buildMamba(parameters, vocabularyLength);
    case "lfm2":
      return buildLfm2(parameters, vocabularyLength);
  }
}
