import { createHash } from "node:crypto";
import { buildArchitecture } from "./architectures/build.ts";
import type { Tensor } from "./architectures/parts.ts";
import type { ModelRecipe } from "./catalogue.ts";
import type { Metadata } from "./gguf-metadata.ts";
import { stringValue, uint32Value } from "./gguf-metadata.ts";
import type { FillTensor } from "./gguf-writer.ts";
import { alignmentBytes, encodeHeader, fileBytes, writeGguf } from "./gguf-writer.ts";
import { constantFill, gaussianFill, gaussianFloatFill, HalfTables } from "./random-weights.ts";
import { loadMerges } from "./tokenizer/merges-file.ts";
import { buildVocabulary, tokenizerMetadata } from "./tokenizer/vocabulary.ts";

/** Goes up when the same recipe and header come to mean other weights. */
const recipeVersion = 1;

// The number of `LLAMA_FTYPE_MOSTLY_F16`.
const fileTypeMostlyHalves = 1;

/** A model that is ready to be written. */
export interface PlannedModel {
  readonly fileName: string;
  readonly bytesTotal: number;
  /** Writes the model to a path that must not exist yet. */
  readonly write: (path: string) => void;
}

function generalMetadata(name: string, recipe: ModelRecipe): Metadata {
  return [
    ["general.architecture", stringValue(recipe.parameters.architecture)],
    ["general.type", stringValue("model")],
    ["general.name", stringValue(`kvasir-${name}`)],
    ["general.description", stringValue("Random weights for tests. The output has no meaning.")],
    ["general.file_type", uint32Value(fileTypeMostlyHalves)],
    ["general.alignment", uint32Value(alignmentBytes)],
  ];
}

// The header holds the parameters, the template, the tokens and the tensor list. With the seed and
// the weights' distributions, it decides every byte of the file.
function hashRecipe(header: Uint8Array, tensors: readonly Tensor[], seed: number): string {
  const weights = tensors.map((tensor) => tensor.weights);
  const hash = createHash("sha256").update(header).update(JSON.stringify({ seed, weights }));
  return hash.digest("hex").slice(0, 8);
}

function createFill(tensor: Tensor, seed: number, halfTables: HalfTables): FillTensor {
  const { weights, name } = tensor;
  if (weights.kind === "constant") return constantFill(weights.value);
  const { standardDeviation } = weights;
  return tensor.type === "f32"
    ? gaussianFloatFill(seed, name, standardDeviation)
    : gaussianFill(seed, name, halfTables.get(standardDeviation));
}

/** Works out a model's file name, size and contents, without writing anything. */
export function planModel(name: string, recipe: ModelRecipe): PlannedModel {
  const vocabulary = buildVocabulary(loadMerges());
  const { metadata, tensors } = buildArchitecture(recipe.parameters, vocabulary.tokens.length);
  const header = encodeHeader(
    [
      ...generalMetadata(name, recipe),
      ...metadata,
      ...tokenizerMetadata(vocabulary, recipe.chatTemplate),
    ],
    tensors,
  );
  const hash = hashRecipe(header, tensors, recipe.seed);
  return {
    fileName: `${name}-v${recipeVersion}-${hash}.gguf`,
    bytesTotal: fileBytes(header, tensors),
    write: (path) => {
      const halfTables = new HalfTables();
      writeGguf(path, header, tensors, (tensor) => createFill(tensor, recipe.seed, halfTables));
    },
  };
}
