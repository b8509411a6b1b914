import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ACTIVE, BRANCHES_MAX } from "../kv/ledger.ts";
import { freshValues } from "../kv/valued-cells.test-support.ts";
import { CELLS_TOKENS, Model, taken, text, turns } from "./model.test-support.ts";

const before = [...text(0), 1, 2, ...text(1), 3, 4, 5, ...text(2), 6];
const after = [...text(0), 7, ...text(1), 8, 8, 8, 8, 8, ...text(2), 9];
const gapsTokens = 1 + 5 + 1;

describe("carrying out a splice", () => {
  it("leaves the wanted tokens, at positions without a gap, and computes only the gaps", async () => {
    const model = new Model();
    await model.resided(before);
    const { computedTokens, complete } = await model.resided(after);
    expect([computedTokens, complete]).toEqual([gapsTokens, true]);
    expect(model.kv.resident()).toEqual(after);
    expect(model.kv.ledger.usedTokens).toBe(after.length);
    expect(await model.faults()).toEqual([]);
  });

  it("gives all shifts before the first decode, which then rotates them in one pass", async () => {
    const model = new Model();
    await model.resided(before);
    model.cells.calls.length = 0;
    await model.resided(after);
    const { calls } = model.cells;
    expect(calls.filter((call) => call === "shift")).toHaveLength(2);
    expect(calls.filter((call) => call === "decode")).toHaveLength(3);
    expect(calls.lastIndexOf("shift")).toBeLessThan(calls.indexOf("decode"));
  });

  it("makes stale what is kept behind the first change and what is computed behind that", async () => {
    const model = new Model();
    await model.resided(before);
    await model.resided(after);
    // The text in the first gap saw only the prefix.
    expect(model.kv.exactTokens()).toBe(71);
    expect(model.kv.ledger.staleTokens(ACTIVE)).toBe(after.length - 71);
    expect(await model.faults()).toEqual([]);
  });

  it("is made good by an exact turn, which computes the stale tail again", async () => {
    const model = new Model();
    await model.resided(before);
    await model.resided(after);
    const { computedTokens } = await model.resided(after, { reuse: "exact" });
    expect(computedTokens).toBe(after.length - 71);
    expect(model.kv.exactTokens()).toBe(after.length);
    expect(model.cells.values()).toEqual(await freshValues(after));
  });

  it("decodes nothing and shifts nothing to take text out, which leaves a hole", async () => {
    const model = new Model({ canShift: false });
    await model.resided(before);
    const wanted = [...text(0), ...text(2)];
    const { computedTokens } = await model.resided(wanted, { reuse: "auto" });
    expect([computedTokens, model.kv.resident()]).toEqual([0, wanted]);
    expect(model.kv.ledger.stretchesOf(ACTIVE)).toEqual([
      { index: 0, position: 0 },
      { index: 70, position: 145 },
    ]);
    await model.resided([...wanted, 1], { reuse: "auto" });
    expect(model.kv.endPosition).toBe(before.length);
    expect(await model.faults()).toEqual([]);
  });

  it.each([
    ["shorter", [8]],
    ["as long", [8, 8, 8]],
    ["longer", [8, 8, 8, 8, 8]],
  ])("keeps what stands before a hole when text behind it becomes %s", async (_, put) => {
    const model = new Model();
    await model.resided(before);
    await model.resided([...text(0), ...text(1), 3, 4, 5, ...text(2), 6]);
    const wanted = [...text(0), ...text(1), ...put, ...text(2), 6];
    const { computedTokens, plan } = await model.resided(wanted);
    expect([computedTokens, plan.prefixTokens + plan.splicedTokens]).toEqual([put.length, 211]);
    expect(model.kv.resident()).toEqual(wanted);
    expect(await model.faults()).toEqual([]);
  });

  it("leaves the shift to the next decode when the window has no room for a hole", async () => {
    const model = new Model();
    await model.resided(before);
    const wanted = [...text(0), ...text(2)];
    const { computedTokens } = await model.resided(wanted, { positionsMax: wanted.length });
    expect([computedTokens, model.kv.ledger.hasPending]).toEqual([0, true]);
    expect(model.kv.endPosition).toBe(wanted.length);
    await model.resided([...wanted, 1], { reuse: "auto" });
    expect(model.kv.ledger.hasPending).toBe(false);
    expect(await model.faults()).toEqual([]);
  });

  it("shifts nothing when the change keeps its length", async () => {
    const model = new Model({ canShift: false });
    await model.resided([...text(0), 1, ...text(1)]);
    const { computedTokens } = await model.resided([...text(0), 2, ...text(1)]);
    expect(computedTokens).toBe(1);
    expect(model.cells.calls).not.toContain("shift");
  });

  it("computes the tail again when it would have to shift and cannot", async () => {
    const model = new Model({ canShift: false });
    await model.resided([...text(0), 1, ...text(1)]);
    const { computedTokens } = await model.resided([...text(0), 2, 3, ...text(1)]);
    expect(computedTokens).toBe(72);
  });

  it("does not shift what a parked conversation sees", async () => {
    const model = new Model();
    await model.branches.activate("a", before);
    await model.resided(before);
    const parked = await model.kv.park(ACTIVE);
    const { computedTokens } = await model.resided(after);
    // The second paragraph comes earlier than before and may stay; the third comes later.
    expect(computedTokens).toBe(after.length - 2 * 70);
    expect(model.cells.calls).not.toContain("shift");
    expect([model.kv.ledger.tokensOf(parked), model.kv.ledger.staleTokens(parked)]).toEqual([
      before,
      0,
    ]);
    expect(await model.faults()).toEqual([]);
  });

  it("gives back every branch when the engine fails in the middle", async () => {
    const model = new Model();
    await model.resided(before);
    const failing = model.resided(after, {
      onProgress: () => {
        if (model.cells.calls.includes("shift")) throw new Error("The engine failed.");
      },
    });
    await expect(failing).rejects.toThrow("failed");
    expect(model.kv.freeBranches).toBe(BRANCHES_MAX - 1);
    expect(await model.faults()).toEqual([]);
  });
});

describe("cancelling a splice", () => {
  const chunks = [0, 1, 2, 3, 4, 5, 6, 7];

  it.each(chunks)("after %i chunks leaves a true prefix and no branch behind", async (chunk) => {
    const model = new Model({ batchTokens: 2 });
    await model.resided(before);
    const controller = new AbortController();
    let progress = -1;
    const residency = await model.resided(after, {
      signal: controller.signal,
      onProgress: () => {
        if (++progress === chunk) controller.abort();
      },
    });
    const resident = model.kv.resident();
    expect(resident).toEqual(after.slice(0, resident.length));
    expect(residency.complete).toBe(resident.length === after.length);
    // One chunk for the first gap, three for the second, one for the third.
    expect(residency.complete).toBe(chunk >= 5);
    expect(model.kv.freeBranches).toBe(BRANCHES_MAX - 1);
    expect(await model.faults()).toEqual([]);
    await model.resided(after, { reuse: "exact" });
    expect(model.cells.values()).toEqual(await freshValues(after));
  });
});

describe("warming what is resident already", () => {
  it("loses nothing that stands behind it, even when the state cannot be cut", async () => {
    for (const canCut of [true, false]) {
      const model = new Model({ canCut });
      await model.resided(before);
      const { computedTokens, complete } = await model.resided(before.slice(0, 90));
      expect([computedTokens, complete]).toEqual([0, true]);
      expect(model.kv.resident()).toEqual(before);
    }
  });
});

describe("any turns of several conversations", () => {
  it("leave the wanted tokens, ledger and engine agree, and nothing inexact counts as exact", async () => {
    await fc.assert(
      fc.asyncProperty(turns, fc.boolean(), async (script, canShift) => {
        const model = new Model({ cellsTokens: CELLS_TOKENS, batchTokens: 32, canShift });
        for (const next of script) {
          const { complete, plan } = await taken(model, next);
          const resident = model.kv.resident();
          const needed = next.wanted.slice(0, next.wanted.length - next.leave);
          // Warming may leave a longer prompt alone.
          const compared = next.leave === 0 ? resident.slice(0, needed.length) : resident;
          expect(compared).toEqual(complete ? needed : needed.slice(0, resident.length));
          expect(complete || next.cancelAfter !== null).toBe(true);
          // Warming may leave a longer prompt alone, but not where the wanted tokens end.
          const end = model.kv.ledger.endOf(ACTIVE, Math.min(resident.length, needed.length));
          expect(end).toBeLessThanOrEqual(Math.min(CELLS_TOKENS, needed.length + next.spareTokens));
          expect(await model.faults()).toEqual([]);
          const isExact = next.reuse === "exact";
          expect(model.kv.exactTokens()).toBeGreaterThanOrEqual(
            isExact && complete ? needed.length : 0,
          );
          expect(isExact ? plan.splicedTokens : 0).toBe(0);
          // The other conversations, and no lifted run.
          expect(BRANCHES_MAX - 1 - model.kv.freeBranches).toBeLessThanOrEqual(2);
          expect(model.cells.mostUsedTokens).toBeLessThanOrEqual(CELLS_TOKENS);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
