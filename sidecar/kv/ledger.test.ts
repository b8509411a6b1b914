import { describe, expect, it } from "vitest";
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
