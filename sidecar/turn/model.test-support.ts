import * as fc from "fast-check";
import type { Reuse } from "../../protocol/generate.ts";
import { Branches } from "../kv/branches.ts";
import { KvState } from "../kv/kv-state.ts";
import { ACTIVE, BRANCHES_MAX } from "../kv/ledger.ts";
import { freshValues, ValuedCells } from "../kv/valued-cells.test-support.ts";
import { PrefillSpeed } from "./chunk.ts";
import { makeResident, type Residency } from "./make-resident.ts";

const ALL_BRANCHES = Array.from({ length: BRANCHES_MAX }, (_, branch) => branch);

type Options = {
  readonly reuse?: Reuse;
  readonly leave?: 0 | 1;
  readonly healTokens?: number;
  readonly positionsMax?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: () => void;
};

/** Valued cells driven as turns drive them. */
export class Model {
  readonly cells: ValuedCells;
  readonly kv: KvState;
  readonly branches: Branches;

  constructor(options: ConstructorParameters<typeof ValuedCells>[0] = {}) {
    this.cells = new ValuedCells(options);
    this.kv = new KvState(this.cells, this.cells.cellsTokens);
    this.branches = new Branches(this.kv);
  }

  /** As a turn does, on a speed that knows nothing: shifts cost nothing. */
  async resided(wanted: readonly number[], options: Options = {}): Promise<Residency> {
    return await makeResident(this.kv, wanted, {
      reuse: "splice",
      leave: 0,
      healTokens: 0,
      checkpointsAt: [],
      signal: new AbortController().signal,
      onProgress: () => undefined,
      positionsMax: this.cells.cellsTokens,
      ...options,
      speed: new PrefillSpeed(),
    });
  }

  /** What must never be: that ledger and engine differ, or that an inexact cell counts as exact. */
  async faults(): Promise<string[]> {
    const { kv, cells } = this;
    const resident = kv.resident();
    const fresh = await freshValues(resident);
    const inexact = cells.values().findIndex((value, at) => value !== fresh[at]);
    const disagreement = kv.disagreement(ALL_BRANCHES);
    const hole = kv.ledger.stretchesOf(ACTIVE).find(({ index, position }) => index !== position);
    return [
      ...(disagreement === null ? [] : [disagreement]),
      ...(kv.ledger.usedTokens === cells.inner.moves?.usedTokens ? [] : ["other cells are used"]),
      ...(hole === undefined || hole.index >= kv.exactTokens() ? [] : ["exact behind a hole"]),
      ...(inexact < 0 || inexact >= kv.exactTokens() ? [] : [`cell ${inexact} is not exact`]),
    ];
  }
}

/** Text of which no stretch occurs in one of another number. */
export function text(number: number, length = 70): number[] {
  return Array.from({ length }, (_, index) => 1000 * (number + 1) + index);
}

function seldom<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

const PARAGRAPHS_MAX = 6;
export const CELLS_TOKENS = 700;
const paragraph = fc.oneof(
  { weight: 2, arbitrary: fc.nat(3).map((number) => text(number, 65 + 12 * number)) },
  { weight: 3, arbitrary: fc.array(fc.nat(2), { minLength: 1, maxLength: 6 }) },
  { weight: 1, arbitrary: fc.nat(80).map((length) => Array.from({ length }, () => 7)) },
);
const turn = fc.record({
  contextId: fc.constantFrom("a", "a", "b", "c"),
  /** Begins with the text of this conversation. */
  from: seldom(fc.constantFrom("a", "b", "c")),
  at: fc.integer({ min: 0, max: 4 }),
  out: fc.nat(2),
  put: fc.array(paragraph, { maxLength: 2 }),
  reuse: fc.constantFrom<Reuse[]>("exact", "auto", "splice", "splice", "splice"),
  leave: fc.constantFrom<(0 | 1)[]>(0, 1),
  healTokens: fc.nat(8),
  /** Positions that the prompt may have beyond its tokens. */
  spareTokens: fc.constantFrom(0, 20, CELLS_TOKENS),
  cancelAfter: seldom(fc.nat(5)),
});
export type Turn = Omit<
  typeof turn extends fc.Arbitrary<infer Value> ? Value : never,
  "from" | "at" | "out" | "put"
> & { readonly wanted: readonly number[] };

/** Turns in which every prompt is an edit of an earlier one. */
export const turns = fc.array(turn, { minLength: 2, maxLength: 8 }).map((changes) => {
  const first = [text(0), [1], text(1, 77), [2], text(2, 89)];
  const starts = new Map([
    ["b", [[3], ...first]],
    ["c", [[4], ...first]],
  ]);
  const texts = new Map<string, readonly (readonly number[])[]>();
  return changes.map(({ contextId, from, at, out, put, ...more }): Turn => {
    const origin = from ?? contextId;
    const paragraphs = [...(texts.get(origin) ?? starts.get(origin) ?? first)];
    paragraphs.splice(at, out, ...put);
    texts.set(contextId, paragraphs.slice(0, PARAGRAPHS_MAX));
    return { ...more, contextId, wanted: [...texts.get(contextId)!.flat(), 9] };
  });
});

export async function taken(model: Model, next: Turn): Promise<Residency> {
  const { contextId, wanted, reuse, leave, healTokens, spareTokens, cancelAfter } = next;
  const controller = new AbortController();
  let progress = 0;
  await model.branches.activate(contextId, wanted);
  model.branches.makeRoom(wanted, 0);
  return await model.resided(wanted, {
    reuse,
    leave,
    healTokens,
    positionsMax: Math.min(CELLS_TOKENS, wanted.length + spareTokens),
    signal: controller.signal,
    onProgress: () => {
      if (progress++ === cancelAfter) controller.abort();
    },
  });
}
