import type { CacheType, CellReuse } from "../../../protocol/model.ts";

/** What a model's kind of memory and position allows. llama.cpp asserts on anything else. */
export type Capabilities = {
  /** Cells can be held in further branches and cut anywhere. */
  readonly moves: boolean;
  /** Cells can be given other positions. */
  readonly shifts: boolean;
  /** States are kept, because the present one cannot be cut back to an earlier one. */
  readonly checkpoints: boolean;
  /** What can be written to a file and read back: runs of cells, or the state as a whole. */
  readonly files: "blocks" | "state" | null;
  /** Positions that every layer can look back; `null` when all of them see everything. */
  readonly slidingTokens: number | null;
  /** The file names a sliding window that nothing ever falls out of: the cache must be told. */
  readonly wholeWindow: boolean;
  /** The same in a user's terms. */
  readonly reuse: CellReuse;
};

/** What is known of a model file before it is loaded. */
export type ModelTraits = {
  readonly architecture: string;
  readonly recurrent: boolean;
  readonly hybrid: boolean;
  readonly trainedTokens: number;
  readonly cacheType: CacheType;
  /** The metadata under the architecture's own name. */
  readonly metadata: Record<string, unknown>;
};

/** Their positions are added to the text, so a key cannot be rotated to another one. */
const ABSOLUTE_POSITIONS = new Set(["gpt2", "mpt", "starcoder"]);
/** llama.cpp refuses to shift these, though no metadata says so. */
const UNSHIFTABLE = new Set(["step35"]);
/** Always several dimensions, whether the file names its sections or not. */
const SEVERAL_DIMENSIONS = new Set(["qwen2vl", "qwen3vl", "qwen3vlmoe", "qwen3tts", "paddleocr"]);
/** A second cache finds what is worth attending to, and nothing proves yet that it follows moves. */
const SECOND_CACHE = new Set(["deepseek32", "glm-dsa", "hy_v4", "minimax-m3"]);
const SPREAD_LENGTH = 64;
/** Their files may name a window, and llama.cpp lets them attend to everything. */
const WINDOW_IGNORED = new Set(["phi3", "phimoe", "deepseek2-ocr"]);

/**
 * Read from the metadata before any primitive is used, because the process dies otherwise:
 * recurrent and hybrid models know one sequence and cannot be cut, sliding windows re-use cells
 * that fall out of them, and positions of several dimensions cannot shift.
 */
export function capabilitiesOf(traits: ModelTraits): Capabilities {
  const { architecture, recurrent, hybrid, trainedTokens, metadata } = traits;
  const declared = declaredWindow(traits);
  const slides = declared !== null && declared < trainedTokens && !WINDOW_IGNORED.has(architecture);
  const stateful = recurrent || hybrid;
  const moves = !stateful && !slides && !SECOND_CACHE.has(architecture);
  const sectioned =
    sub(metadata, "rope")["dimension_sections"] !== undefined ||
    SEVERAL_DIMENSIONS.has(architecture);
  const absolute = ABSOLUTE_POSITIONS.has(architecture);
  const rotatable = traits.cacheType === "f16" || rotatesQuantised(metadata);
  const shifts = moves && rotatable && !sectioned && !absolute && !UNSHIFTABLE.has(architecture);
  // The library keeps states only where the file itself names the window.
  const checkpoints = stateful || (slides && writtenWindow(metadata) !== null);
  return {
    moves,
    shifts,
    checkpoints,
    files: moves ? "blocks" : stateful || slides ? "state" : null,
    slidingTokens: slides ? declared : null,
    wholeWindow: declared !== null && !slides,
    reuse: reuseOf(),
  };

  function reuseOf(): CellReuse {
    if (shifts) return { kind: "everything", reason: null };
    if (moves) return { kind: "sameLength", reason: unshiftableBecause() };
    return { kind: checkpoints ? "checkpoints" : "prefix", reason: fixedBecause() };
  }

  function unshiftableBecause(): string {
    if (sectioned) return "its positions have several dimensions";
    if (!rotatable) return `its keys cannot be rotated in a ${traits.cacheType} cache`;
    return "its positions cannot be changed";
  }

  function fixedBecause(): string {
    if (recurrent) return "it remembers the text in one state";
    if (hybrid) return "some of its layers remember the text in one state";
    if (slides) return `some of its layers see only the last ${declared} tokens`;
    return "it keeps a second cache beside its cells";
  }
}

/**
 * Quantised keys are spread by a matrix of at least 64 before they are stored. Where a head is no
 * multiple of that, llama.cpp takes the matrix to be there all the same when it shifts, and the
 * process dies; where only a part of the head is rotated, the matrix does not fit that part.
 */
function rotatesQuantised(metadata: Record<string, unknown>): boolean {
  const attention = sub(metadata, "attention");
  if (attention["kv_lora_rank"] !== undefined) return false;
  const heads = Number(attention["head_count"]);
  const keyLength = Number(attention["key_length"] ?? Number(metadata["embedding_length"]) / heads);
  const rotatedLength = Number(sub(metadata, "rope")["dimension_count"] ?? keyLength);
  return keyLength % SPREAD_LENGTH === 0 && rotatedLength === keyLength;
}

/** The window that llama.cpp will use: some architectures have one that no file has to name. */
function declaredWindow({ architecture, metadata }: ModelTraits): number | null {
  const written = writtenWindow(metadata);
  switch (architecture) {
    case "llama4":
      return sub(metadata, "attention")["sliding_window"] === 0 ? null : 8_192;
    case "gemma2":
      return written ?? 4_096;
    case "exaone4":
      return written ?? (metadata["block_count"] === 64 ? 4_096 : null);
    case "smallthinker":
      return written === null ? null : 4_096;
    default:
      return written;
  }
}

function writtenWindow(metadata: Record<string, unknown>): number | null {
  const written = sub(metadata, "attention")["sliding_window"];
  return typeof written === "number" && written > 0 ? written : null;
}

function sub(metadata: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = metadata[key];
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
