import type { Metadata } from "../gguf-metadata.ts";
import type { TensorShape } from "../gguf-writer.ts";
import type { Weights } from "../random-weights.ts";

/** A tensor of the model with what its weights look like. */
export interface Tensor extends TensorShape {
  readonly weights: Weights;
}

/** What an architecture adds to the file: its metadata, without the tokenizer's, and its tensors. */
export interface ArchitectureParts {
  readonly metadata: Metadata;
  readonly tensors: readonly Tensor[];
}
