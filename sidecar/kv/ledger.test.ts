import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LedgerModel } from "./ledger-model.test-support.ts";
import { ACTIVE, BRANCHES_MAX, Ledger } from "./ledger.ts";

const END = Number.POSITIVE_INFINITY;
const LAST_BRANCH = BRANCHES_MAX - 1;

function ledgerOf(tokens: readonly number[], cellsTokens = 10): Ledger {
  const ledger = new Ledger(cellsTokens);
  ledger.append(tokens);
  return ledger;
}

describe("a ledger", () => {
  it("is empty at first, as the engine says of an empty branch", () => {
    const ledger = new Ledger(4);
    expect(ledger.extentOf(ACTIVE)).toEqual({ min: -1, max: -1 });
    expect([ledger.usedTokens, ledger.freeTokens, ledger.exactTokens(ACTIVE)]).toEqual([0, 4, 0]);
    expect(ledger.isSettled(ACTIVE)).toBe(true);
  });

  it("appends behind the last position", () => {
    const ledger = ledgerOf([7, 8]);
    ledger.append([9]);
    expect(ledger.tokensOf(ACTIVE)).toEqual([7, 8, 9]);
    expect(ledger.extentOf(ACTIVE)).toEqual({ min: 0, max: 2 });
    expect([ledger.usedTokens, ledger.freeTokens]).toEqual([3, 7]);
  });

  it("uses no cell for a copy", () => {
    const ledger = ledgerOf([7, 8, 9]);
    ledger.copy(ACTIVE, 1);
    expect(ledger.tokensOf(1)).toEqual([7, 8, 9]);
    expect([ledger.usedTokens, ledger.ownTokens(ACTIVE), ledger.ownTokens(1)]).toEqual([3, 0, 0]);
  });

  it("keeps the branches apart behind what they share", () => {
    const ledger = ledgerOf([7, 8, 9]);
    ledger.copy(ACTIVE, 1);
    ledger.remove(ACTIVE, 1, END);
    ledger.append([5]);
    expect([ledger.tokensOf(ACTIVE), ledger.tokensOf(1)]).toEqual([
      [7, 5],
      [7, 8, 9],
    ]);
    expect([ledger.ownTokens(ACTIVE), ledger.ownTokens(1), ledger.usedTokens]).toEqual([1, 2, 4]);
  });

  it("frees a cell when the last branch that sees it lets go, and uses it again", () => {
    const ledger = ledgerOf([1, 2, 3], 3);
    ledger.copy(ACTIVE, 1);
    ledger.drop(ACTIVE);
    expect(ledger.freeTokens).toBe(0);
    ledger.remove(1, 1, 2);
    expect(ledger.freeTokens).toBe(1);
    ledger.append([9]);
    expect([ledger.tokensOf(ACTIVE), ledger.tokensOf(1)]).toEqual([[9], [1, 3]]);
    ledger.drop(1);
    expect(ledger.freeTokens).toBe(2);
  });

  it("refuses more tokens than it has cells, and is unchanged then", () => {
    const ledger = ledgerOf([1, 2], 3);
    expect(() => ledger.append([3, 4])).toThrow(RangeError);
    expect([ledger.tokensOf(ACTIVE), ledger.freeTokens]).toEqual([[1, 2], 1]);
    ledger.append([3]);
    expect(ledger.freeTokens).toBe(0);
  });

  it("removes a middle stretch and leaves the positions of the rest", () => {
    const ledger = ledgerOf([1, 2, 3, 4]);
    ledger.remove(ACTIVE, 1, 3);
    expect(ledger.tokensOf(ACTIVE)).toEqual([1, 4]);
    expect(ledger.extentOf(ACTIVE)).toEqual({ min: 0, max: 3 });
  });

  it("has no branch beyond the last", () => {
    const ledger = ledgerOf([1]);
    expect(() => ledger.copy(ACTIVE, BRANCHES_MAX)).toThrow(RangeError);
    expect(() => ledger.tokensOf(-1)).toThrow(RangeError);
  });

  it("treats the last branch, the sign bit of the owners, like any other", () => {
    const ledger = ledgerOf([1, 2, 3]);
    ledger.copy(ACTIVE, LAST_BRANCH);
    expect(ledger.isSingleOwner(LAST_BRANCH, 0, 3)).toBe(false);
    ledger.drop(ACTIVE);
    expect(ledger.isSingleOwner(LAST_BRANCH, 0, 3)).toBe(true);
    expect([ledger.ownTokens(LAST_BRANCH), ledger.usedTokens]).toEqual([3, 3]);
    ledger.shift(LAST_BRANCH, 0, 3, 4);
    expect(ledger.extentOf(LAST_BRANCH)).toEqual({ min: 4, max: 6 });
    ledger.drop(LAST_BRANCH);
    expect(ledger.usedTokens).toBe(0);
  });
});

describe("a shift", () => {
  it("moves positions and is pending until the next decode", () => {
    const ledger = ledgerOf([1, 2, 3, 4]);
    ledger.remove(ACTIVE, 1, 3);
    ledger.shift(ACTIVE, 3, 4, -2);
    expect(ledger.extentOf(ACTIVE)).toEqual({ min: 0, max: 1 });
    expect([ledger.hasPending, ledger.isSettled(ACTIVE)]).toEqual([true, false]);
    ledger.append([9]);
    expect(ledger.tokensOf(ACTIVE)).toEqual([1, 4, 9]);
    expect([ledger.hasPending, ledger.isSettled(ACTIVE)]).toEqual([false, true]);
  });

  it("of cells that another branch sees is refused and moves nothing", () => {
    const ledger = ledgerOf([1, 2, 3]);
    ledger.copy(ACTIVE, 1);
    ledger.remove(1, 0, 2);
    expect(ledger.isSingleOwner(ACTIVE, 0, 2)).toBe(true);
    expect(() => ledger.shift(ACTIVE, 1, 3, 2)).toThrow("another branch sees");
    expect(ledger.extentOf(ACTIVE)).toEqual({ min: 0, max: 2 });
    expect(ledger.hasPending).toBe(false);
  });

  it("is no longer pending when its cells are freed", () => {
    const ledger = ledgerOf([1, 2]);
    ledger.shift(ACTIVE, 0, 2, 5);
    ledger.drop(ACTIVE);
    expect(ledger.hasPending).toBe(false);
  });
});

describe("a stale cell", () => {
  it("ends what is exact and makes stale all that is appended behind it", () => {
    const ledger = ledgerOf([1, 2, 3]);
    ledger.markStale(ACTIVE, 2, 1);
    ledger.append([4, 5]);
    expect([ledger.exactTokens(ACTIVE), ledger.staleTokens(ACTIVE)]).toEqual([2, 3]);
    expect(ledger.isSettled(ACTIVE)).toBe(false);
  });

  it("is forgotten with its cell: what is computed in its place is exact", () => {
    const ledger = ledgerOf([1, 2, 3], 3);
    ledger.markStale(ACTIVE, 1, 1);
    ledger.remove(ACTIVE, 1, END);
    ledger.append([2, 3]);
    expect([ledger.exactTokens(ACTIVE), ledger.staleTokens(ACTIVE)]).toEqual([3, 0]);
  });

  it("is stale since the first edit whose older text it saw, and so is what follows it", () => {
    const ledger = ledgerOf([1, 2, 3, 4]);
    ledger.markStale(ACTIVE, 2, 1);
    ledger.markStale(ACTIVE, 1, 2);
    ledger.append([5]);
    expect([...ledger.staleEdits(ACTIVE)]).toEqual([
      [2, 1],
      [1, 3],
    ]);
    ledger.remove(ACTIVE, 2, END);
    expect([...ledger.staleEdits(ACTIVE)]).toEqual([[2, 1]]);
  });

  it("is stale only in the branch whose text has changed, and in copies of that", () => {
    const ledger = ledgerOf([1, 2, 3]);
    ledger.copy(ACTIVE, 1);
    ledger.markStale(ACTIVE, 1, 1);
    ledger.copy(ACTIVE, 2);
    expect([ledger.exactTokens(ACTIVE), ledger.exactTokens(1)]).toEqual([1, 3]);
    expect([ledger.exactTokens(2), ledger.staleTokens(2)]).toEqual([1, 2]);
    ledger.drop(2);
    ledger.copy(1, 2);
    expect(ledger.exactTokens(2)).toBe(3);
  });
});

const EDITS = [1, 2, 3, 4];

function accountOf(ledger: Ledger, branch: number): unknown {
  return {
    tokens: ledger.tokensOf(branch),
    positions: ledger.positionsOf(branch),
    stretches: ledger.stretchesOf(branch),
    extent: ledger.extentOf(branch),
    own: ledger.ownTokens(branch),
    exact: ledger.exactTokens(branch),
    stale: ledger.staleTokens(branch),
    edits: EDITS.map((edit) => ledger.staleEdits(branch).get(edit) ?? 0),
    settled: ledger.isSettled(branch),
  };
}

const BRANCHES = [ACTIVE, 1, 2, LAST_BRANCH];
const CELLS_TOKENS = 12;
const branch = fc.constantFrom(...BRANCHES);
const position = fc.nat(CELLS_TOKENS);
const operation = fc.oneof(
  fc.record({
    kind: fc.constant("append" as const),
    tokens: fc.array(fc.nat(9), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant("copy" as const), source: branch, target: branch }),
  fc.record({ kind: fc.constant("remove" as const), branch, from: position, to: position }),
  fc.record({ kind: fc.constant("drop" as const), branch }),
  fc.record({
    kind: fc.constant("shift" as const),
    branch,
    from: position,
    to: position,
    delta: fc.integer({ min: -6, max: 6 }),
  }),
  fc.record({
    kind: fc.constant("markStale" as const),
    branch,
    from: position,
    edit: fc.constantFrom(...EDITS),
  }),
);
type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

/** Does it to both. What an engine could not do is left out; what a ledger refuses, it must. */
function perform(next: Operation, ledger: Ledger, model: LedgerModel): void {
  switch (next.kind) {
    case "append":
      if (next.tokens.length > model.freeTokens) {
        return requireRefusal(() => ledger.append(next.tokens));
      }
      ledger.append(next.tokens);
      return model.append(next.tokens);
    case "copy": {
      const target = model.of(next.target);
      const added = model.of(next.source).filter((cell) => !target.includes(cell));
      const taken = new Set(target.map((cell) => cell.position));
      if (added.some((cell) => taken.has(cell.position))) return;
      ledger.copy(next.source, next.target);
      for (const cell of added) {
        cell.owners.add(next.target);
        const since = cell.staleSince.get(next.source);
        if (since !== undefined) cell.staleSince.set(next.target, since);
      }
      return;
    }
    case "remove":
      ledger.remove(next.branch, next.from, next.to);
      return model.remove(next.branch, next.from, next.to);
    case "drop":
      ledger.drop(next.branch);
      return model.remove(next.branch, 0, END);
    case "shift":
      return shift(next, ledger, model);
    case "markStale":
      ledger.markStale(next.branch, next.from, next.edit);
      for (const { staleSince } of model.within(next.branch, next.from, END)) {
        staleSince.set(next.branch, staleSince.get(next.branch) ?? next.edit);
      }
  }
}

function requireRefusal(work: () => void): void {
  try {
    work();
  } catch {
    return;
  }
  throw new Error("The ledger did what no engine can.");
}

function shift(
  { branch: of, from, to, delta }: Extract<Operation, { kind: "shift" }>,
  ledger: Ledger,
  model: LedgerModel,
): void {
  const cells = model.within(of, from, to);
  if (cells.some(({ owners }) => owners.size > 1)) {
    return requireRefusal(() => ledger.shift(of, from, to, delta));
  }
  const others = model.of(of).filter((cell) => !cells.includes(cell));
  const lands = (at: number): boolean =>
    at >= 0 && others.every((other) => other.position < from === other.position < at);
  const clear = cells.every((cell) => lands(cell.position + delta));
  const taken = new Set(others.map((cell) => cell.position));
  if (!clear || cells.some((cell) => taken.has(cell.position + delta))) return;
  ledger.shift(of, from, to, delta);
  for (const cell of cells) {
    cell.position += delta;
    cell.pending = true;
  }
}

describe("any script of operations", () => {
  it("leaves the tokens, positions, owners and free cells that a naive model has", () => {
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 40 }), (operations) => {
        const ledger = new Ledger(CELLS_TOKENS);
        const model = new LedgerModel(CELLS_TOKENS);
        for (const next of operations) {
          perform(next, ledger, model);
          expect(ledger.freeTokens).toBe(model.freeTokens);
          expect(ledger.hasPending).toBe(model.cells.some(({ pending }) => pending));
          expect(BRANCHES.map((each) => accountOf(ledger, each))).toEqual(
            BRANCHES.map((each) => model.account(each)),
          );
        }
      }),
      { numRuns: 1500 },
    );
  });
});
