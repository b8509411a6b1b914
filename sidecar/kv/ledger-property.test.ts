import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LedgerModel } from "./ledger-model.test-support.ts";
import { ACTIVE, BRANCHES_MAX, Ledger } from "./ledger.ts";

const END = Number.POSITIVE_INFINITY;
const LAST_BRANCH = BRANCHES_MAX - 1;
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
