import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { BlockStore, StoreFailure } from "./block-store.ts";
import { temporaryFolder } from "./store-folder.test-support.ts";

const settings = { budgetBytes: 1 << 20, freeFloorBytes: 0 };
const ROOT = "00".repeat(32);

async function open(folder = temporaryFolder()): Promise<BlockStore> {
  const opening = await BlockStore.open({ ...settings, folder });
  if (opening.kind !== "open") throw new Error(opening.sentence);
  onTestFinished(() => opening.store.close());
  return opening.store;
}

it("answers calls in the order in which they were made", async () => {
  const store = await open();
  const order: number[] = [];
  const tokens = Int32Array.from({ length: 600 }, (_, index) => index);
  await Promise.all(
    [3, 2, 1].map(async (blocks) => {
      const links = await store.call("chain", ROOT, tokens.subarray(0, blocks * 200));
      order.push(links.length);
    }),
  );
  expect(order).toEqual([3, 2, 1]);
});

it("finishes what was asked for before it closes, and can be closed twice", async () => {
  const store = await open();
  const found = store.call("lookup", ROOT, Int32Array.of(1));
  await store.close();
  expect(await found).toEqual([]);
  await store.close();
  await expect(store.call("lookup", ROOT, Int32Array.of(1))).rejects.toThrow(StoreFailure);
});

it("says in one sentence why a folder cannot be used", async () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const opening = await BlockStore.open({ ...settings, folder: join(file, "store") });
  expect(opening).toMatchObject({ kind: "unavailable" });
  expect(opening.kind === "unavailable" && opening.sentence).toMatch(
    "The store cannot be used: a part of its path is a file and no folder.",
  );
});

it("a call that fails leaves the store open", async () => {
  const store = await open();
  const cells = {
    kind: "blocks",
    fingerprint: "",
    cacheType: "f16",
    engine: "",
    rope: "",
    gpu: null,
  } as const;
  await expect(store.call("identify", "/no/such/model", cells)).rejects.toThrow(StoreFailure);
  expect(await store.call("lookup", ROOT, Int32Array.of(1))).toEqual([]);
});

it("does not take endlessly many calls at once", async () => {
  const store = await open();
  const calls = Array.from({ length: 300 }, () => store.call("tokensOf", ROOT));
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(256);
});
