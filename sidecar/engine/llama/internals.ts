import type { LlamaContext, LlamaContextSequence, Token, TokenMeter } from "node-llama-cpp";

/**
 * Everything of node-llama-cpp that is used and not public, in one place. The dependency is pinned
 * exactly, and the conformance tests fail when one of these changes its meaning.
 */

type DecodeJob = { readonly tokens: readonly Token[] };
type DecodeTokens = (job: DecodeJob, onLogits: unknown) => Promise<unknown>;

type ContextInternals = { _decodeTokens: DecodeTokens; readonly _ctx: NativeContext };

/** The binding's own operations on cells. Ids from 1 on exist for these alone. */
export type NativeContext = {
  copySequenceStateFromOtherSequence(target: number, source: number): Promise<number>;
  removeTokenCellsFromSequence(sequence: number, from: number, to: number): boolean;
  shiftSequenceTokenCells(sequence: number, from: number, to: number, delta: number): void;
  disposeSequence(sequence: number): void;
  getSequenceKvCacheMinPosition(sequence: number): number;
  getSequenceKvCacheMaxPosition(sequence: number): number;
  getStateSize(): number;
  saveSequenceStateToFile(path: string, sequence: number, tokens: Uint32Array): Promise<number>;
  loadSequenceStateFromFile(
    path: string,
    sequence: number,
    tokensMax: number,
  ): Promise<Uint32Array>;
};

type SequenceInternals = {
  _lock: object;
  _tokenMeter: TokenMeter;
  readonly _checkpoints: {
    readonly _checkpoints: readonly (readonly [name: unknown, { readonly maxPos: number }])[];
  };
  _contextTokens: readonly Token[];
  _nextTokenIndex: number;
  _eraseContextTokenRanges(
    ranges: readonly { readonly start: number; readonly end: number }[],
    options: { readonly avoidEvaluation: boolean },
  ): Promise<void>;
};

function contextInternals(context: LlamaContext): ContextInternals {
  return context as unknown as ContextInternals;
}

function sequenceInternals(sequence: LlamaContextSequence): SequenceInternals {
  return sequence as unknown as SequenceInternals;
}

/** How long the latest decode of a context took, without what it waited for its turn. */
export type DecodeClock = { latestMs: number };

/** Awaits `before` ahead of every decode of this context: all of the library's pass here. */
export function hookDecodes(
  context: LlamaContext,
  before: () => Promise<void> | undefined,
): DecodeClock {
  const clock: DecodeClock = { latestMs: 0 };
  const internals = contextInternals(context);
  const decode = internals._decodeTokens.bind(context);
  internals._decodeTokens = async (job, onLogits) => {
    const turn = before();
    if (turn !== undefined) await turn;
    const startMs = performance.now();
    const decoded = await decode(job, onLogits);
    clock.latestMs = performance.now() - startMs;
    return decoded;
  };
  return clock;
}

export function nativeContext(context: LlamaContext): NativeContext {
  return contextInternals(context)._ctx;
}

/**
 * Tells the library where a cut is possible on a model with a sliding window. It takes a cut for
 * possible when the cells of that position are there, although attention looks back from it over
 * positions that may be gone: the answer is wrong then, and nothing says so.
 */
export function limitCuts(context: LlamaContext, slidingTokens: number): void {
  const native = nativeContext(context);
  const lowest = native.getSequenceKvCacheMinPosition.bind(native);
  // Methods of the binding cannot be assigned to.
  Object.defineProperty(native, "getSequenceKvCacheMinPosition", {
    value: (sequence: number): number => {
      const min = lowest(sequence);
      return min <= 0 ? min : min + slidingTokens - 2;
    },
  });
}

/**
 * The same sequence with bookkeeping of its own. The library holds a sequence's lock while a decode
 * waits for its turn, so without a lock of its own no other agent could decode meanwhile.
 */
export function viewOf(sequence: LlamaContextSequence, meter: TokenMeter): LlamaContextSequence {
  const view = Object.create(sequence) as LlamaContextSequence;
  const internals = sequenceInternals(view);
  internals._lock = {};
  internals._tokenMeter = meter;
  setResidentTokens(view, []);
  return view;
}

/** Sets the library's bookkeeping after cells were moved behind its back. The array is its own. */
export function setResidentTokens(sequence: LlamaContextSequence, tokens: readonly Token[]): void {
  const internals = sequenceInternals(sequence);
  internals._contextTokens = tokens;
  internals._nextTokenIndex = tokens.length;
}

/** The ids in the cache by position. The library's own list: read it, do not keep or change it. */
export function residentTokens(sequence: LlamaContextSequence): readonly Token[] {
  return sequenceInternals(sequence)._contextTokens;
}

/** The lengths at which states are kept, rising. */
export function checkpointLengths(sequence: LlamaContextSequence): number[] {
  const kept = sequenceInternals(sequence)._checkpoints._checkpoints;
  return kept.map(([, { maxPos }]) => maxPos + 1);
}

/** The first position from which on cells can be cut off without a kept state. */
export function lowestPosition(sequence: LlamaContextSequence): number {
  return nativeContext(sequence.context).getSequenceKvCacheMinPosition(0);
}

/**
 * Removes the cells from `start` on. The public method would at once evaluate again whatever a
 * recurrent model loses by it; that is for the planner to decide.
 */
export async function removeCells(sequence: LlamaContextSequence, start: number): Promise<void> {
  const end = sequence.nextTokenIndex;
  if (start >= end) return;
  await sequenceInternals(sequence)._eraseContextTokenRanges([{ start, end }], {
    avoidEvaluation: true,
  });
}

/** Lets `tap` see, and replace, what the library samples on this sequence. Answers the undo. */
export function tapSampling(
  sequence: LlamaContextSequence,
  tap: (sampled: Token) => Token,
): () => void {
  const evaluate = sequence.evaluate.bind(sequence);
  sequence.evaluate = async function* tapped(...args) {
    const sampling = evaluate(...args);
    try {
      let replacement: Token | Token[] | undefined;
      for (;;) {
        const { value, done } = await sampling.next(replacement);
        if (done === true) return;
        const token = tap(value);
        const answered = (yield token) as Token | Token[] | undefined;
        replacement = answered ?? token;
      }
    } finally {
      await sampling.return(undefined);
    }
  };
  return () => {
    sequence.evaluate = evaluate;
  };
}
