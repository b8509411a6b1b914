import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Branches } from "./branches.ts";
import { KvState } from "./kv-state.ts";
import { ACTIVE, BRANCHES_MAX } from "./ledger.ts";
import { ValuedCells } from "./valued-cells.test-support.ts";

const ALL_BRANCHES = Array.from({ length: BRANCHES_MAX }, (_, branch) => branch);
const PARKED_MAX = 8;

type Turn = { readonly reused: number; readonly forked: number; readonly prefilled: number };

/** Conversations that take turns on one state, each prompt reusing what is in front. */
class Turns {
  readonly cells: ValuedCells;
  readonly kv: KvState;
  readonly branches: Branches;

  constructor(options: ConstructorParameters<typeof ValuedCells>[0] = {}) {
    this.cells = new ValuedCells({ batchTokens: 1000, ...options });
    this.kv = new KvState(this.cells, this.cells.cellsTokens);
    this.branches = new Branches(this.kv);
  }

  async turn(contextId: string, wanted: readonly number[], answerTokens = 0): Promise<Turn> {
    const forked = await this.branches.activate(contextId, wanted);
    this.branches.makeRoom(wanted, answerTokens);
    const resident = this.kv.resident();
    const differs = wanted.findIndex((token, index) => token !== resident[index]);
    const common = differs < 0 ? wanted.length : differs;
    const reused = common < resident.length ? await this.kv.trim(common) : common;
    if (reused < wanted.length) await this.kv.decode(wanted.slice(reused));
    if (this.kv.resident().join() !== wanted.join()) throw new Error("Something else is resident.");
    return { reused, forked, prefilled: wanted.length - reused };
  }

  /** Cells that only parked conversations see. */
  get parkedTokens(): number {
    const { ledger } = this.kv;
    return ledger.usedTokens - ledger.lengthOf(ACTIVE);
  }

  get parked(): number {
    return BRANCHES_MAX - 1 - this.kv.freeBranches;
  }
}

function counting(length: number, from: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

/** A conversation that shares nothing with one of another number. */
function talk(number: number, length = 10): number[] {
  return counting(length, 1000 * (number + 1));
}

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

describe("making room", () => {
  it("gives up the least recently used until the prompt and its answer fit", async () => {
    const turns = new Turns({ cellsTokens: 90 });
    for (const number of [0, 1, 2]) await turns.turn(`${number}`, talk(number));
    await turns.turn("3", talk(3), 55);
    expect(turns.parked).toBe(2);
    expect(turns.parkedTokens).toBe(20);
    expect((await turns.turn("1", talk(1))).prefilled).toBe(0);
  });

  it("gives up nothing when there is room", async () => {
    const turns = new Turns({ cellsTokens: 90 });
    for (const number of [0, 1, 2, 3]) await turns.turn(`${number}`, talk(number), 50);
    expect(turns.parked).toBe(3);
  });

  it("gives up what is more than a third of all cells, and never the newest for that", async () => {
    const turns = new Turns({ cellsTokens: 90 });
    for (const number of [0, 1, 2, 3, 4]) await turns.turn(`${number}`, talk(number));
    expect([turns.parked, turns.parkedTokens]).toEqual([3, 30]);
    await turns.turn("long", talk(5, 40));
    await turns.turn("5", talk(6));
    expect([turns.parked, turns.parkedTokens]).toEqual([1, 40]);
    expect((await turns.turn("long", talk(5, 40))).prefilled).toBe(0);
  });

  it("leaves branches alone that hold no conversation, such as the runs of a splice", async () => {
    const turns = new Turns({ cellsTokens: 60 });
    for (const number of [0, 1, 2]) await turns.turn(`${number}`, talk(number));
    const lifted = await turns.kv.park(ACTIVE);
    turns.branches.makeRoom(talk(3, 50), 0);
    expect(turns.parkedTokens).toBe(0);
    expect(turns.kv.ledger.tokensOf(lifted)).toEqual(talk(2));
    expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
  });

  it("counts on no cell that another conversation still sees", async () => {
    const turns = new Turns({ cellsTokens: 20 });
    await turns.turn("a", talk(0));
    await turns.turn("b", [...talk(0, 8), 1, 2]);
    // Eight cells of b are shared with a, so that cutting b frees only two.
    await turns.turn("b", [...talk(0, 1), ...talk(1, 12)]);
    expect(turns.kv.ledger.usedTokens).toBeLessThanOrEqual(20);
  });

  it("counts on no cell behind the fork of a parked conversation", async () => {
    const turns = new Turns({ cellsTokens: 20 });
    await turns.turn("a", talk(0));
    await turns.turn("b", [1, 2]);
    await turns.turn("c", [...talk(0, 4), ...talk(1, 10)]);
    expect(turns.kv.disagreement(ALL_BRANCHES)).toBeNull();
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
