import type { Sampling, StopReason } from "../../protocol/generate.ts";
import type { ModelConfig, ModelFacts } from "../../protocol/model.ts";
import type { Tool, ToolCall } from "../../protocol/segment.ts";

/**
 * The port to whatever runs the model. One engine holds one model and one KV cache, and has one
 * user at a time: the lane sees to that. The engine obeys; deciding what to keep and what to
 * prefill is done elsewhere.
 */
export interface Engine {
  readonly facts: ModelFacts;
  readonly chat: ChatFormat;
  readonly tokenizer: Tokenizer;
  readonly cells: Cells;
  /** How what is in the cache goes to files and comes back; absent where it is not known to. */
  readonly cellFiles?: CellFiles | StateFiles;
  /**
   * A place at the model for one agent in the middle of its work. What the engine notes of an agent,
   * the ids that are resident for it and its counters, belongs to the seat that was taken last.
   */
  openSeat(): Seat;
  /** Expects all of the prompt but its last token to be resident. */
  generate(request: EngineRequest): Promise<EngineOutcome>;
  /**
   * The probabilities of every token behind `token` on top of what is resident, which is unchanged
   * afterwards. Two states that give the same are the same; that is what it is for.
   */
  probabilitiesAfter(token: number): Promise<ReadonlyMap<number, number>>;
  dispose(): Promise<void>;
}

export type Seat = {
  /** From now on cells and generations are those of this agent; `settle` tells what it holds. */
  readonly take: () => void;
};

export type ChatFormat = {
  /** The model's own Jinja template; `null` when its file has none. */
  readonly template: string | null;
  /** Whether the template writes tools and calls; where not, they are written as `PLAIN_CALL` says. */
  readonly writesTools: boolean;
  readonly bosText: string;
  readonly eosText: string;
  /** The token every prompt must begin with, when the model wants one. */
  readonly bosToken: number | null;
};

export interface Tokenizer {
  /**
   * Ids of a text. With `specials`, names of special tokens in it become those tokens; that is
   * for template text only, never for what a user, a file or a tool says.
   */
  tokenize(text: string, options: { readonly specials: boolean }): number[];
  detokenize(tokens: readonly number[]): string;
}

export interface Cells {
  /** The most tokens one call of `decode` takes. */
  readonly batchTokens: number;
  /** Tokens computed since the engine was loaded. Differences of it are what the meter shows. */
  evaluatedTokens(): number;
  /**
   * The ids whose keys and values are in the cache, by position. Where a position has no cell, the
   * engine puts an id of its own that no vocabulary has.
   */
  resident(): readonly number[];
  /**
   * Forgets everything from a position on. Answers where what is resident ends then: before the
   * position asked for on models whose state cannot be cut.
   */
  trim(position: number): Promise<number>;
  /**
   * Computes and appends one batch. Answers the milliseconds it took, without those that it waited
   * for its turn.
   */
  decode(tokens: readonly number[]): Promise<number>;
  /** `null` where the model or the library does not allow cells to be moved. */
  readonly moves: CellMoves | null;
  /**
   * Keeps the state at the present length in memory, so that `trim` can come back to it; `null`
   * where it can cut anywhere. The engine bounds how many are kept and forgets the oldest.
   */
  readonly checkpoint: (() => Promise<void>) | null;
  /** Where `checkpoint` is not `null`: the lengths to which `trim` can cut, rising. */
  checkpointLengths(): readonly number[];
}

/**
 * Moves of cells between branches. Only branch 0 decodes; the others hold cells aside, at no cost
 * but their place and, on a CPU, some attention time. A cell may be in several branches at once and
 * has one position for all of them. Positions are from..to, `to` excluded.
 */
export interface CellMoves {
  /** Whether cells can be given other positions: not with every kind of rotary embedding. */
  readonly canShift: boolean;
  /** Adds all cells of one branch to another. */
  copy(source: number, target: number): Promise<void>;
  remove(branch: number, from: number, to: number): void;
  drop(branch: number): void;
  /** Adds `delta` to positions; the next decode rotates the keys. Takes all owners along. */
  shift(branch: number, from: number, to: number, delta: number): void;
  /** First and last position of a branch; -1 for both when it is empty. */
  extentOf(branch: number): { readonly min: number; readonly max: number };
  /**
   * Tells the engine which ids branch 0 holds after moves, and where. Positions rise; one that is
   * left out is a hole, behind which the next decode goes on all the same.
   */
  settle(tokens: readonly number[], positions: readonly number[]): void;
}

/** Writes cells to files and reads them back. The caller has the lane and moves cells before. */
export interface CellFiles {
  readonly kind: "blocks";
  readonly format: CellFormat;
  /**
   * Writes all cells of branch 0, which hold these tokens at whatever positions. Answers the bytes
   * written; fails when the disk does.
   */
  save(path: string, tokens: readonly number[]): Promise<number>;
  /**
   * Adds a file's cells behind those of branch 0. Answers whether they are there as they should be:
   * these tokens at the positions that follow. If not, nothing has changed.
   */
  append(path: string, tokens: readonly number[]): Promise<boolean>;
}

/**
 * The same for engines whose cells cannot be moved, so that only all of the state can be written: a
 * state of its own for every length that is to come back. The caller has the lane.
 */
export interface StateFiles {
  readonly kind: "state";
  readonly format: CellFormat;
  /** At most as many bytes would be written now. */
  bytesMax(): number;
  /** Writes the state of all that is resident. Answers the bytes written; fails when the disk does. */
  save(path: string): Promise<number>;
  /**
   * Puts a file's state in the place of what is resident. Answers whether it is there as it should
   * be: these tokens from position 0 on. If not, nothing is resident. States kept by `checkpoint`
   * are gone either way.
   */
  load(path: string, tokens: readonly number[]): Promise<boolean>;
}

/** What the bytes of a cell depend on besides its model, its cache type and the tokens before it. */
export type CellFormat = {
  readonly engine: string;
  /** The settings of the rotary embedding. */
  readonly rope: string;
  readonly gpu: string | null;
};

export type EngineRequest = {
  readonly prompt: readonly number[];
  readonly tools: readonly Tool[];
  readonly toolChoice: "auto" | "none" | "required";
  readonly sampling: Sampling;
  readonly maxTokens: number;
  readonly stopSequences: readonly string[];
  readonly signal: AbortSignal;
  readonly onToken: (token: number) => void;
  readonly onPart: (part: AnswerPart) => void;
  /** Decodes these ids instead of sampled ones, as far as they go: recorded answers, tests. */
  readonly script?: readonly number[];
};

export type AnswerPart =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "reasoning"; readonly text: string }
  | { readonly kind: "toolCall"; readonly call: ToolCall };

export type EngineOutcome = {
  /** All that was generated, as sampled, without the end-of-generation token. */
  readonly tokens: readonly number[];
  readonly stop: StopReason;
};

/** Brings a model into memory. Fails with a `Refusal` that says why in one sentence. */
export type LoadEngine = (
  config: ModelConfig & { readonly path: string },
  options: {
    readonly onProgress: (share: number) => void;
    readonly signal: AbortSignal;
    /** Awaited before every decode: the seat of the scheduler. */
    readonly beforeDecode: () => Promise<void> | undefined;
  },
) => Promise<Engine>;
