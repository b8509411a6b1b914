import type { LlamaModel } from "node-llama-cpp";

/** What a model's kind of attention and position allows. llama.cpp asserts on anything else. */
export type Capabilities = {
  /** Cells can be held in further branches and cut anywhere. */
  readonly moves: boolean;
  /** Cells can be given other positions. */
  readonly shifts: boolean;
};

/** Architectures whose rotary embedding llama.cpp refuses to shift though no metadata says so. */
const UNSHIFTABLE = new Set(["step35"]);

/**
 * Read from the metadata before any primitive is used, because the process dies otherwise:
 * recurrent and hybrid models know one sequence and cannot be cut, sliding windows re-use cells
 * that fall out of them, and multi-dimensional positions (`rope.dimension_sections`) cannot shift.
 */
export function capabilitiesOf(model: LlamaModel): Capabilities {
  const { fileInsights, fileInfo } = model;
  const { architecture } = fileInfo.metadata.general;
  const rope = fileInfo.architectureMetadata.rope as Record<string, unknown> | undefined;
  const windowed = fileInsights.swaSize !== undefined && fileInsights.swaSize > 0;
  const moves = !fileInsights.isRecurrent && !fileInsights.isHybrid && !windowed;
  const sectioned = rope?.["dimension_sections"] !== undefined;
  return { moves, shifts: moves && !sectioned && !UNSHIFTABLE.has(architecture) };
}
