import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KvState } from "./kv-state.ts";
import { ACTIVE, BRANCHES_MAX } from "./ledger.ts";
import { freshValues, ValuedCells } from "./valued-cells.test-support.ts";

const END = Number.POSITIVE_INFINITY;
const ALL_BRANCHES = Array.from({ length: BRANCHES_MAX }, (_, branch) => branch);

type Options = ConstructorParameters<typeof ValuedCells>[0];

async function holding(
  tokens: readonly number[],
  options: Options = {},
): Promise<{ cells: ValuedCells; kv: KvState }> {
  const cells = new ValuedCells(options);
  const kv = new KvState(cells, cells.cellsTokens);
  if (tokens.length > 0) await kv.decode(tokens);
  return { cells, kv };
}

describe("the state of the cells", () => {
  it("holds what is decoded and loses what is cut, in ledger and engine", async () => {
    const { kv } = await holding([1, 2, 3]);
    expect(await kv.trim(1)).toBe(1);
    await kv.decode([4]);
    expect(kv.resident()).toEqual([1, 4]);
    expect(kv.ledger.tokensOf(ACTIVE)).toEqual([1, 4]);
    expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
  });

  it("follows what the engine decoded by itself, and what it took back", async () => {
    const { kv, cells } = await holding([1, 2]);
    await cells.decode([3, 4]);
    kv.follow();
    expect(kv.ledger.tokensOf(ACTIVE)).toEqual([1, 2, 3, 4]);
    await cells.trim(1);
    kv.follow();
    expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
  });

  it("keeps the ledger true when a state that cannot be cut is lost as a whole", async () => {
    const { kv } = await holding([1, 2, 3], { canCut: false });
    expect([kv.canMove, kv.canShift]).toEqual([false, false]);
    expect(await kv.trim(2)).toBe(0);
    expect(kv.ledger.usedTokens).toBe(0);
    await expect(kv.park(ACTIVE)).rejects.toThrow("cannot be moved");
  });

  it("counts the tokens that a fresh prefill would compute the same", async () => {
    const { kv } = await holding([1, 2, 3]);
    kv.markStale(1, 1);
    expect(kv.exactTokens()).toBe(1);
    await kv.trim(1);
    await kv.decode([2]);
    expect(kv.exactTokens()).toBe(2);
  });

  it("moves what stands behind a hole into place, for the engine as for the ledger", async () => {
    const { kv } = await holding([1, 2, 3, 4]);
    const branch = await kv.park(ACTIVE);
    kv.remove(ACTIVE, 1, END);
    kv.remove(branch, 0, 3);
    kv.shift(branch, 3, 4, -2);
    await kv.copy(branch, ACTIVE);
    kv.drop(branch);
    expect(kv.resident()).toEqual([1, 4]);
    expect(kv.ledger.usedTokens).toBe(2);
    expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
  });

  it("does not move in the engine what the ledger refuses to move", async () => {
    const { kv, cells } = await holding([1, 2]);
    const branch = await kv.park(ACTIVE);
    expect(() => kv.shift(branch, 0, 2, 3)).toThrow("another branch sees");
    expect(cells.calls).not.toContain("shift");
    expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
  });
});

describe("branches", () => {
  it("are given out once each, refused when all are taken, and recycled when dropped", async () => {
    const { kv } = await holding([1]);
    const taken: number[] = [];
    while (kv.freeBranches > 0) taken.push(await kv.park(ACTIVE));
    expect([...taken].sort((a, b) => a - b)).toEqual(ALL_BRANCHES.slice(1));
    await expect(kv.park(ACTIVE)).rejects.toThrow(RangeError);
    kv.drop(5);
    kv.drop(31);
    expect(kv.freeBranches).toBe(2);
    expect(new Set([await kv.park(ACTIVE), await kv.park(ACTIVE)])).toEqual(new Set([5, 31]));
  });

  it("take the place of the active one, and what both share is touched once", async () => {
    const { kv, cells } = await holding([1, 2, 3, 4, 5, 6, 7, 8]);
    const branch = await kv.park(ACTIVE);
    await kv.trim(6);
    await kv.decode([9]);
    cells.touchedCells = 0;
    await kv.takeOver(branch);
    expect(kv.resident()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([kv.freeBranches, kv.ledger.usedTokens]).toEqual([BRANCHES_MAX - 1, 8]);
    expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
    // The one that goes, the six that both saw, and the two that come, which change hands.
    expect(cells.touchedCells).toBe(1 + 6 + 2 * 2);
  });

  it("bring along what is stale in them and nothing else", async () => {
    const { kv } = await holding([1, 2, 3, 4]);
    kv.markStale(3, 1);
    const branch = await kv.park(ACTIVE);
    kv.markStale(1, 2);
    await kv.takeOver(branch);
    expect([kv.exactTokens(), ...kv.ledger.staleEdits(ACTIVE)]).toEqual([3, [1, 1]]);
  });

  it("give nothing back when the active one is dropped", async () => {
    const { kv } = await holding([1]);
    kv.drop(ACTIVE);
    expect(kv.freeBranches).toBe(BRANCHES_MAX - 1);
    expect(kv.resident()).toEqual([]);
  });
});

describe("a disagreement", () => {
  const behindItsBack: Record<string, (cells: ValuedCells) => unknown> = {
    "decodes more": (cells) => cells.decode([9]),
    "is cut": (cells) => cells.trim(1),
    "loses a branch": (cells) => cells.moves?.drop(1),
    "loses the end of a branch": (cells) => cells.moves?.remove(1, 2, END),
    "gets a branch that nobody parked": (cells) => cells.moves?.copy(ACTIVE, 7),
    "has its cells shifted": (cells) => cells.moves?.shift(1, 0, END, 2),
  };

  it.each(Object.entries(behindItsBack))("is seen when the engine %s", async (_, move) => {
    const { kv, cells } = await holding([1, 2, 3]);
    await kv.park(ACTIVE);
    expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
    await move(cells);
    expect(kv.disagreement(ALL_BRANCHES)).toMatch(/^(branch \d+|the active branch): ledger /u);
  });

  it("is seen when only the ids differ", async () => {
    const { kv, cells } = await holding([1, 2, 3]);
    await cells.trim(2);
    await cells.decode([9]);
    expect(kv.disagreement(ALL_BRANCHES)).toMatch(/^the active branch/u);
  });
});

const CELLS_TOKENS = 24;
const place = fc.nat(CELLS_TOKENS);
const step = fc.oneof(
  fc.record({
    kind: fc.constant("decode" as const),
    tokens: fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant("trim" as const), at: place }),
  fc.record({ kind: fc.constant("markStale" as const), at: place }),
  fc.record({ kind: fc.constant("park" as const), which: fc.nat(7) }),
  fc.record({ kind: fc.constant("drop" as const), which: fc.nat(7) }),
  fc.record({ kind: fc.constant("cut" as const), which: fc.nat(7), from: place, to: place }),
  fc.record({ kind: fc.constant("restore" as const), which: fc.nat(7) }),
  fc.record({ kind: fc.constant("takeOver" as const), which: fc.nat(7) }),
  fc.record({ kind: fc.constant("splice" as const), at: place, until: place, inserted: fc.nat(3) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Takes a step where it is legal; `parked` are the branches in use. */
async function take(next: Step, kv: KvState, parked: number[]): Promise<void> {
  const length = kv.resident().length;
  if (next.kind === "decode") {
    if (next.tokens.length <= kv.ledger.freeTokens) await kv.decode(next.tokens);
  } else if (next.kind === "trim") await kv.trim(Math.min(next.at, length));
  else if (next.kind === "markStale") kv.markStale(next.at, kv.nextEdit());
  else if (next.kind === "park") {
    if (kv.freeBranches > 0) parked.push(await kv.park([ACTIVE, ...parked][next.which] ?? ACTIVE));
  } else if (next.kind === "splice") await splice(next, kv);
  else await move(next, kv, parked);
}

async function move(
  next: Extract<Step, { kind: "drop" | "cut" | "restore" | "takeOver" }>,
  kv: KvState,
  parked: number[],
): Promise<void> {
  const branch = parked[next.which];
  if (branch === undefined) return;
  if (next.kind === "drop") {
    kv.drop(branch);
    parked.splice(next.which, 1);
  } else if (next.kind === "cut") kv.remove(branch, next.from, next.to);
  else {
    const { min, max } = kv.ledger.extentOf(branch);
    // Branch 0 must begin at position 0 and have no gap.
    if (min !== 0 || max !== kv.ledger.lengthOf(branch) - 1) return;
    if (next.kind === "restore") return await kv.exchange(branch);
    const account = [kv.ledger.tokensOf(branch), [...kv.ledger.staleEdits(branch)]];
    await kv.takeOver(branch);
    expect([kv.ledger.tokensOf(ACTIVE), [...kv.ledger.staleEdits(ACTIVE)]]).toEqual(account);
    parked.splice(next.which, 1);
  }
}

/** Replaces positions at..until of the active branch by new tokens. */
async function splice(next: Extract<Step, { kind: "splice" }>, kv: KvState): Promise<void> {
  const { at, until, inserted } = next;
  const length = kv.resident().length;
  if (at > until || until >= length || kv.freeBranches === 0) return;
  if (inserted > kv.ledger.freeTokens) return;
  const delta = at + inserted - until;
  if (delta !== 0 && !kv.ledger.isSingleOwner(ACTIVE, until, length)) return;
  const tail = await kv.park(ACTIVE);
  kv.remove(tail, 0, until);
  kv.remove(ACTIVE, at, END);
  if (delta !== 0) kv.shift(tail, until, length, delta);
  if (inserted > 0) await kv.decode(Array.from({ length: inserted }, () => 0));
  await kv.copy(tail, ACTIVE);
  kv.drop(tail);
  kv.markStale(at + inserted, kv.nextEdit());
}

describe("any legal script", () => {
  it("leaves ledger and engine in agreement, and no cell without a branch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { kv, cells } = await holding([], { cellsTokens: CELLS_TOKENS });
        const parked: number[] = [];
        for (const next of steps) {
          await take(next, kv, parked);
          expect(kv.disagreement(ALL_BRANCHES)).toBeNull();
          expect(kv.ledger.usedTokens).toBe(cells.inner.moves?.usedTokens);
          expect(kv.freeBranches).toBe(BRANCHES_MAX - 1 - parked.length);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("never calls a cell exact that a fresh prefill would compute otherwise", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const { kv, cells } = await holding([], { cellsTokens: CELLS_TOKENS });
        const parked: number[] = [];
        for (const next of steps) {
          await take(next, kv, parked);
          const exact = kv.exactTokens();
          const fresh = await freshValues(kv.resident());
          expect(cells.values().slice(0, exact)).toEqual(fresh.slice(0, exact));
        }
      }),
      { numRuns: 300 },
    );
  });
});
