import { expect, it } from "vitest";
import {
  clearedSentence,
  prunedSentence,
  storeDetail,
  storeSentence,
  verifiedSentence,
} from "./store-sentences.ts";

const stats = {
  folder: "/data/kvasir/store",
  blocks: 40,
  tokens: 10_240,
  bytes: 1_310_000_000,
  pinnedBytes: 64_000_000,
  budgetBytes: 8_000_000_000,
  freeFloorBytes: 4_000_000_000,
  models: [
    {
      path: "C:\\models\\small.gguf",
      cacheType: "f16",
      engine: "llama.cpp b1",
      blocks: 40,
      bytes: 1_310_000_000,
    },
  ],
};

it("says how much is kept, of what and where", () => {
  expect(storeSentence(stats)).toBe("Kvasir keeps 10,240 tokens on disk: 1.3 GB of 8.0 GB.");
  expect(storeDetail(stats).split("\n")).toEqual([
    "small.gguf (f16): 40 blocks, 1.3 GB",
    "64.0 MB with which every new chat begins are kept longest.",
    "At least 4.0 GB of the disk stay free.",
    "/data/kvasir/store",
  ]);
});

it("says whether what is kept was as it should be", () => {
  const sound = { blocks: 3, bytes: 3_000_000, clean: true, damaged: [] };
  expect(verifiedSentence(sound)).toMatch(/as it was stored: 3 blocks \(3\.0 MB\)\.$/u);
  const damaged = [{ hash: "ab", damage: "altered" }];
  expect(verifiedSentence({ ...sound, clean: false, damaged })).toMatch(
    /^1 block was damaged and is removed; /u,
  );
});

it("says what was removed", () => {
  expect(prunedSentence({ blocks: 0, bytes: 0 })).toMatch(/nothing/u);
  expect(prunedSentence({ blocks: 2, bytes: 1_000_000 })).toContain("2 blocks (1.0 MB)");
  expect(clearedSentence({ blocks: 2, bytes: 1_000_000 })).toContain("2 blocks (1.0 MB)");
});
