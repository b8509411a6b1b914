import { describe, expect, it } from "vitest";
import { MemoryStore } from "./memory-store.test-support.ts";
import { PENDING_FILES_MAX, ReviewLedger } from "./review-ledger.ts";

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const change = (base: string, agent: string) => ({ base: bytesOf(base), agent: bytesOf(agent) });

describe("the list of changes to review", () => {
  it("is the same after a restart", async () => {
    const store = new MemoryStore();
    const { ledger } = await ReviewLedger.open(store);
    await ledger.set("a", change("1", "2"));
    await ledger.set("new", { base: null, agent: bytesOf("3") });
    const { ledger: later } = await ReviewLedger.open(store);
    expect(later.paths).toEqual(["a", "new"]);
    expect(await later.get("a")).toEqual(change("1", "2"));
    expect(await later.get("new")).toEqual({ base: null, agent: bytesOf("3") });
  });

  it("keeps nothing of files that are settled", async () => {
    const store = new MemoryStore();
    const { ledger } = await ReviewLedger.open(store);
    await ledger.set("a", change("1", "2"));
    await ledger.set("b", change("3", "4"));
    await ledger.settle(["a"]);
    await ledger.set("b", change("4", "4"));
    expect(ledger.paths).toEqual([]);
    expect(store.blobs.size).toBe(0);
  });

  it("lets the oldest go where there are too many", async () => {
    const { ledger } = await ReviewLedger.open(new MemoryStore());
    for (let file = 0; file <= PENDING_FILES_MAX; file++) {
      await ledger.set(`${file}`, change("1", "2"));
    }
    expect(ledger.paths).toHaveLength(PENDING_FILES_MAX);
    expect(ledger.paths[0]).toBe("1");
  });

  it.each(["{", '{"version":2,"files":[]}'])("is set aside where it reads %s", async (json) => {
    const store = new MemoryStore();
    store.index = json;
    const { ledger, message } = await ReviewLedger.open(store);
    expect(ledger.paths).toEqual([]);
    expect(store.aside).toBe(json);
    expect(message).toMatch(/^The list of changes to review is damaged .*aside.*\.$/);
  });

  it("does not show a change whose content is damaged", async () => {
    const store = new MemoryStore();
    const { ledger } = await ReviewLedger.open(store);
    await ledger.set("a", change("1", "2"));
    for (const name of store.blobs.keys()) store.blobs.set(name, bytesOf("x"));
    expect(await ledger.get("a")).toBeUndefined();
  });
});
