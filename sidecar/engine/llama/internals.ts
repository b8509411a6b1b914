import type { LlamaContext, LlamaContextSequence, Token } from "node-llama-cpp";

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
  saveSequenceStateToFile(path: string, sequence: number, tokens: Uint32Array): Promise<number>;
  loadSequenceStateFromFile(
    path: string,
    sequence: number,
    tokensMax: number,
  ): Promise<Uint32Array>;
};

type SequenceInternals = {
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

/** Awaits `before` ahead of every decode of this context: all of the library's pass here. */
export function hookDecodes(context: LlamaContext, before: () => Promise<void> | undefined): void {
  const internals = contextInternals(context);
  const decode = internals._decodeTokens.bind(context);
  internals._decodeTokens = async (job, onLogits) => {
    const turn = before();
    if (turn !== undefined) await turn;
    return await decode(job, onLogits);
  };
}

export function nativeContext(context: LlamaContext): NativeContext {
  return contextInternals(context)._ctx;
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
