/** A turn, and the turns that it took back. */
type Turn = { readonly id: string; readonly undoes?: readonly string[] | undefined };

/** The turns whose changes still stand: not taken back, or taken back by one that was itself. */
export function turnsInEffect<T extends Turn>(turns: readonly T[]): readonly T[] {
  const undone = new Set<string>();
  const standing: T[] = [];
  for (const turn of turns.toReversed()) {
    if (undone.has(turn.id)) continue;
    standing.unshift(turn);
    for (const id of turn.undoes ?? []) undone.add(id);
  }
  return standing;
}
