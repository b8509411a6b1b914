import { describe, expect, it } from "vitest";
import { ALL_BRANCHES, talk, Turns } from "./branches.test-support.ts";
import { ACTIVE } from "./ledger.ts";

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
