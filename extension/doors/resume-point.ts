/** A turn as the chat view remembers it. */
export type PastTurn = {
  readonly prompt: string;
  /** The id that our result carried; absent when the turn was cancelled or is from elsewhere. */
  readonly turnId: string | undefined;
  readonly failed: boolean;
};

/** A turn as the session remembers it. */
export type KnownTurn = {
  readonly id: string;
  readonly prompt: string;
  readonly cancelled: boolean;
};

export type ResumePoint = {
  /** How many of the session's turns still hold. */
  readonly keptTurns: number;
  /** The first of the past turns that must be told again. */
  readonly replayFrom: number;
};

/**
 * Where a session goes on. A user can edit or repeat an earlier message, so the history that comes
 * with a request may be shorter than the session. It may also hold turns that the session lacks.
 */
export function resumePoint(known: readonly KnownTurn[], past: readonly PastTurn[]): ResumePoint {
  for (let index = past.length - 1; index >= 0; index--) {
    const turnId = past[index]!.turnId;
    const knownIndex = known.findIndex(({ id }) => id === turnId);
    if (knownIndex >= 0) return withCancelled(known, past, knownIndex + 1, index + 1);
  }
  return { keptTurns: 0, replayFrom: 0 };
}

/** The editor drops the result of a cancelled turn, so that one is known by its prompt. */
function withCancelled(
  known: readonly KnownTurn[],
  past: readonly PastTurn[],
  keptTurns: number,
  replayFrom: number,
): ResumePoint {
  const mine = known[keptTurns];
  const theirs = past[replayFrom];
  const same =
    mine !== undefined &&
    theirs !== undefined &&
    mine.cancelled &&
    theirs.turnId === undefined &&
    !theirs.failed &&
    mine.prompt === theirs.prompt;
  return same
    ? withCancelled(known, past, keptTurns + 1, replayFrom + 1)
    : { keptTurns, replayFrom };
}
