import type { EditKind } from "./messages.ts";
import type { RandomText } from "./random-text.ts";

export type EditCase = {
  readonly edit: EditKind;
  readonly depth: number;
  readonly oldTokens: number;
  readonly newTokens: number;
  readonly base: readonly number[];
  readonly edited: readonly number[];
};

const SIZES = {
  replace: { old: 100, new: 140 },
  "replace-same": { old: 100, new: 100 },
  insert: { old: 0, new: 60 },
  delete: { old: 100, new: 0 },
  "two-regions": { old: 100, new: 140 },
  append: { old: 0, new: 60 },
} as const satisfies Record<EditKind, unknown>;

export const EDIT_KINDS = Object.keys(SIZES) as EditKind[];

/** How far behind the first region the second one lies, as a share of what follows it. */
const SECOND_REGION = 0.5;

/** One edit of a context at a depth; the last token stays, because every prompt ends in one. */
export function editCase(
  edit: EditKind,
  depth: number,
  base: readonly number[],
  random: RandomText,
): EditCase {
  const { old, new: fresh } = SIZES[edit];
  const end = base.length - 1;
  const regions = edit === "two-regions" ? 2 : 1;
  const latest = end - regions * old;
  const at = edit === "append" ? end : Math.min(Math.floor(base.length * depth), latest);
  const cuts = [{ at, old, fresh }];
  if (regions === 2) {
    const second = at + old + Math.floor((end - at - 2 * old) * SECOND_REGION);
    cuts.push({ at: second, old, fresh });
  }
  const edited: number[] = [];
  let from = 0;
  for (const cut of cuts) {
    for (const token of base.slice(from, cut.at)) edited.push(token);
    for (const token of random.take(cut.fresh)) edited.push(token);
    from = cut.at + cut.old;
  }
  for (const token of base.slice(from)) edited.push(token);
  const total = (size: number): number => size * cuts.length;
  return { edit, depth, base, edited, oldTokens: total(old), newTokens: total(fresh) };
}
