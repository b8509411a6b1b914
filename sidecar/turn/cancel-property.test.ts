import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BRANCHES_MAX } from "../kv/ledger.ts";
import { freshValues } from "../kv/valued-cells.test-support.ts";
import { CELLS_TOKENS, Model, taken, type Turn, turns } from "./model.test-support.ts";

/** A model that has taken all turns of a script, the last one cancelled after so many chunks. */
async function cancelled(
  script: readonly Turn[],
  canShift: boolean,
  chunk: number,
): Promise<{ readonly model: Model; readonly complete: boolean; readonly parked: number }> {
  const model = new Model({ cellsTokens: CELLS_TOKENS, batchTokens: 32, canShift });
  for (const next of script.slice(0, -1)) await taken(model, next);
  const last = script.at(-1)!;
  await model.branches.activate(last.contextId, last.wanted);
  const parked = model.kv.freeBranches;
  const { complete } = await taken(model, { ...last, cancelAfter: chunk });
  return { model, complete, parked };
}

describe("a turn that is cancelled at any of its decodes", () => {
  it("leaves a true front, ledger and engine in agreement, and an exact turn puts all right", async () => {
    await fc.assert(
      fc.asyncProperty(turns, fc.boolean(), async (script, canShift) => {
        const { wanted } = script.at(-1)!;
        for (let chunk = 0, complete = false; !complete; chunk++) {
          const found = await cancelled(script, canShift, chunk);
          const { model } = found;
          complete = found.complete;
          const resident = model.kv.resident();
          const compared = resident.slice(0, wanted.length);
          expect(compared).toEqual(wanted.slice(0, compared.length));
          expect(await model.faults()).toEqual([]);
          expect(model.kv.freeBranches).toBeGreaterThanOrEqual(found.parked);
          expect(model.kv.freeBranches).toBeLessThan(BRANCHES_MAX);

          await model.resided(wanted, { reuse: "exact" });
          expect(model.kv.exactTokens()).toBeGreaterThanOrEqual(wanted.length);
          const values = model.cells.values().slice(0, wanted.length);
          expect(values).toEqual(await freshValues(wanted));
          expect(await model.faults()).toEqual([]);
        }
      }),
      { numRuns: 200 },
    );
  });
});
