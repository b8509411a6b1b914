import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALL_BRANCHES, talk, Turns } from "./branches.test-support.ts";
import { ACTIVE, BRANCHES_MAX } from "./ledger.ts";

const PARKED_MAX = 8;

describe("switching between conversations", () => {
  it("prefills nothing again, however often", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    await turns.turn("b", talk(1, 20));
    for (let times = 0; times < 3; times++) {
      expect(await turns.turn("a", talk(0))).toEqual({ reused: 10, forked: 0, prefilled: 0 });
      expect(await turns.turn("b", talk(1, 20))).toEqual({ reused: 20, forked: 0, prefilled: 0 });
    }
    expect(turns.kv.evaluatedTokens()).toBe(30);
    expect([turns.kv.ledger.usedTokens, turns.parkedTokens]).toEqual([30, 10]);
    expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
  });

  it("parks nothing while there is one conversation", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    await turns.turn("a", [...talk(0), 1, 2]);
    await turns.turn("a", [...talk(0, 5), 3]);
    expect([turns.parked, turns.parkedTokens]).toEqual([0, 0]);
    expect(turns.kv.ledger.usedTokens).toBe(6);
  });

  it("continues a parked conversation where it was", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    await turns.turn("b", talk(1));
    const next = [...talk(0), 1, 2, 3];
    expect(await turns.turn("a", next)).toEqual({ reused: 10, forked: 0, prefilled: 3 });
  });

  it("parks no branch for a conversation that holds nothing", async () => {
    const turns = new Turns();
    await turns.branches.activate("a", talk(0));
    await turns.branches.activate("b", talk(1));
    expect(turns.parked).toBe(0);
  });
});

describe("a conversation that begins like another", () => {
  it("shares the prefix of the active one, and uses cells only for what is new", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    const fork = [...talk(0, 7), 1, 2];
    expect(await turns.turn("b", fork)).toEqual({ reused: 7, forked: 7, prefilled: 2 });
    expect([turns.kv.ledger.usedTokens, turns.parkedTokens]).toEqual([12, 3]);
    expect(await turns.turn("a", talk(0))).toEqual({ reused: 10, forked: 0, prefilled: 0 });
  });

  it("shares that of a parked one when more of it is there", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    await turns.turn("b", [...talk(0, 2), 7, 7]);
    const fork = [...talk(0, 6), 1, 2, 3];
    expect(await turns.turn("c", fork)).toEqual({ reused: 6, forked: 6, prefilled: 3 });
    // All of a, two of b, three of c.
    expect(turns.kv.ledger.usedTokens).toBe(10 + 2 + 3);
    expect(turns.parked).toBe(2);
    expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
  });

  it("leaves its own older branch for it and gives that one up", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    await turns.turn("b", [...talk(1, 5), 1]);
    const rewritten = [...talk(1, 5), 2, 3];
    expect(await turns.turn("a", rewritten)).toEqual({ reused: 5, forked: 5, prefilled: 2 });
    expect([turns.parked, turns.kv.ledger.usedTokens]).toEqual([1, 8]);
  });

  it("parks nothing of its own when it leaves its text for that of another", async () => {
    const turns = new Turns();
    await turns.turn("a", talk(0));
    await turns.turn("b", talk(1));
    expect(await turns.turn("b", [...talk(0, 8), 1])).toEqual({
      reused: 8,
      forked: 8,
      prefilled: 1,
    });
    expect([turns.parked, turns.kv.ledger.usedTokens]).toEqual([1, 11]);
  });

  it("does not touch what the other one holds behind the shared part", async () => {
    const turns = new Turns();
    const starts = [talk(0), [...talk(0, 6), 1, 2], [...talk(0, 3), 4]];
    const ids = ["a", "b", "c"];
    for (const [index, id] of ids.entries()) await turns.turn(id, starts[index]!);
    for (const [index, id] of ids.entries()) {
      expect((await turns.turn(id, starts[index]!)).prefilled).toBe(0);
    }
  });
});

describe("parked conversations", () => {
  it(`are ${PARKED_MAX} at most: the least recently used one is given up`, async () => {
    const turns = new Turns();
    for (let number = 0; number < PARKED_MAX + 2; number++) {
      await turns.turn(`${number}`, talk(number));
    }
    expect(turns.parked).toBe(PARKED_MAX);
    for (let number = PARKED_MAX + 1; number >= 1; number--) {
      expect((await turns.turn(`${number}`, talk(number))).prefilled).toBe(0);
    }
    expect((await turns.turn("0", talk(0))).prefilled).toBe(10);
  });

  it("count as used when they come back", async () => {
    const turns = new Turns();
    for (let number = 0; number < PARKED_MAX + 1; number++) {
      await turns.turn(`${number}`, talk(number));
    }
    await turns.turn("0", talk(0));
    await turns.turn("new", talk(50));
    expect((await turns.turn("0", talk(0))).prefilled).toBe(0);
    expect((await turns.turn("1", talk(1))).prefilled).toBe(10);
  });

  it("stay within the limit when a new one forks from the oldest", async () => {
    const turns = new Turns();
    for (let number = 0; number < PARKED_MAX + 1; number++) {
      await turns.turn(`${number}`, talk(number));
    }
    expect((await turns.turn("new", [...talk(0, 9), 1])).reused).toBe(9);
    expect(turns.parked).toBe(PARKED_MAX);
  });

  it("are given back once each when the oldest one returns with another text", async () => {
    const turns = new Turns();
    for (let number = 0; number < PARKED_MAX + 1; number++) {
      await turns.turn(`${number}`, talk(number));
    }
    await turns.turn("0", talk(50));
    expect(turns.parked).toBe(PARKED_MAX);
    // As many conversations again as there are branches: none gets one that is in use.
    for (let number = 100; number < 100 + BRANCHES_MAX; number++) {
      await turns.turn(`${number}`, talk(number));
      expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
      expect(turns.parked).toBe(PARKED_MAX);
    }
  });
});

describe("clearing", () => {
  it("gives up every conversation and every cell", async () => {
    const turns = new Turns();
    for (const number of [0, 1, 2]) await turns.turn(`${number}`, talk(number));
    await turns.branches.clear();
    expect([turns.parked, turns.kv.ledger.usedTokens, turns.parkedTokens]).toEqual([0, 0, 0]);
    expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
    expect(await turns.turn("1", talk(1))).toEqual({ reused: 0, forked: 0, prefilled: 10 });
  });
});

describe("a model whose cells cannot be moved", () => {
  it("is left with what is resident, whichever conversation comes", async () => {
    const turns = new Turns({ canCut: false });
    await turns.turn("a", talk(0));
    expect(await turns.turn("b", talk(1))).toEqual({ reused: 0, forked: 0, prefilled: 10 });
    expect(await turns.turn("a", talk(0))).toEqual({ reused: 0, forked: 0, prefilled: 10 });
    const longer = [...talk(0), 1];
    expect(await turns.turn("b", longer)).toEqual({ reused: 10, forked: 0, prefilled: 1 });
    expect(turns.parked).toBe(0);
    await turns.branches.clear();
    expect(turns.kv.ledger.usedTokens).toBe(0);
  });
});

const prompt = fc
  .tuple(fc.array(fc.nat(1), { minLength: 1, maxLength: 4 }), fc.nat(12))
  .map(([choices, length]) => choices.flatMap((choice) => talk(choice, 1 + (length % 4))));

describe("any conversations in any order", () => {
  const turn = fc.record({
    prompt,
    contextId: fc.nat(10).map(String),
    answerTokens: fc.nat(4),
    clears: fc.nat(30).map((chance) => chance === 0),
  });

  it("never use more cells than there are, and none without a branch", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 40 }), async (script) => {
        const turns = new Turns({ cellsTokens: 24 });
        for (const { contextId, prompt: wanted, answerTokens, clears } of script) {
          if (clears) await turns.branches.clear();
          await turns.turn(contextId, wanted, answerTokens);
          expect(turns.kv.ledger.freeTokens).toBeGreaterThanOrEqual(answerTokens);
          expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
          expect(turns.parked).toBeLessThanOrEqual(PARKED_MAX);
          expect(turns.kv.ledger.tokensOf(ACTIVE)).toEqual(wanted);
          expect(turns.kv.ledger.usedTokens).toBe(turns.cells.inner.moves?.usedTokens);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
