import { expect, it } from "vitest";
import { BLOCK_TOKENS } from "./block-chain.ts";
import { pinBeginning } from "./pins.ts";
import { savePrompt, STATE_BYTES, storeOf, tokensFrom } from "./store-folder.test-support.ts";

/** Room for five blocks, of which two may be pinned. */
const FIVE_BLOCKS = { budgetBytes: 5 * (STATE_BYTES + 1200) };

it("lets a new beginning take the place of the one that was used least lately", () => {
  const { store, root } = storeOf(FIVE_BLOCKS);
  const save = (first: number, nowMs: number): string =>
    savePrompt(store, root, tokensFrom(first, BLOCK_TOKENS), nowMs)[0]!;
  const [old, newer, newest] = [save(1, 1), save(10_000, 2), save(20_000, 3)];
  for (const hash of [old, newer, newest]) expect(pinBeginning(store, [hash])).toBe(true);
  const pinned = [old, newer, newest].map((hash) => store.index.get(hash)!.pinned);
  expect(pinned).toEqual([false, true, true]);
});

it("leaves one alone that is longer than half of the budget", () => {
  const { store, root } = storeOf(FIVE_BLOCKS);
  const [old] = savePrompt(store, root, tokensFrom(10_000, BLOCK_TOKENS), 1);
  const long = savePrompt(store, root, tokensFrom(20_000, 3 * BLOCK_TOKENS), 2);
  expect(pinBeginning(store, [old!])).toBe(true);
  expect(pinBeginning(store, long)).toBe(false);
  expect([old!, ...long].map((hash) => store.index.get(hash)!.pinned)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
