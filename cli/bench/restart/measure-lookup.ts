import { writeFileSync } from "node:fs";
import { type Block, blockChain, stateOf } from "../../../sidecar/store/block-chain.ts";
import { BlockStore } from "../../../sidecar/store/block-store.ts";
import { RandomText } from "../kv/random-text.ts";
import { median } from "../median.ts";
import type { LookupResult } from "./messages.ts";

const PROMPT_TOKENS = 32_768;
const VOCABULARY = 100_000;
const REPETITIONS = 21;
/** What the files hold does not matter to a look-up. */
const STATE = Buffer.alloc(1);
const ROOT = "00".repeat(32);
const STATE_ROOT = "01".repeat(32);
/** A state is looked for from the end of the prompt on, so this one is found last. */
const STATE_TOKENS = 100;

/** What looking up a long prompt takes that is all stored, or only near its beginning. */
export async function measureLookup(folder: string): Promise<LookupResult> {
  const opening = await BlockStore.open({
    folder,
    budgetBytes: Number.MAX_SAFE_INTEGER,
    freeFloorBytes: 0,
  });
  if (opening.kind === "unavailable") throw new Error(opening.sentence);
  const { store } = opening;
  const tokens = new RandomText(PROMPT_TOKENS, VOCABULARY).take(PROMPT_TOKENS);
  const blocksEnd = async (): Promise<number | undefined> =>
    (await store.call("lookup", ROOT, Int32Array.from(tokens))).at(-1)?.to;
  const stateEnd = async (): Promise<number | undefined> =>
    (await store.call("state", STATE_ROOT, Int32Array.from(tokens)))?.to;
  // Of several processes that measure at once, the one before them has stored it.
  if ((await blocksEnd()) !== PROMPT_TOKENS) {
    for (const block of blockChain(ROOT, tokens)) await put(store, ROOT, block);
    await put(store, STATE_ROOT, stateOf(STATE_ROOT, tokens.slice(0, STATE_TOKENS)));
  }
  const lookupMs = await measured(blocksEnd, PROMPT_TOKENS);
  const stateLookupMs = await measured(stateEnd, STATE_TOKENS);
  await store.close();
  return { promptTokens: PROMPT_TOKENS, lookupMs, stateLookupMs };
}

async function put(store: BlockStore, root: string, block: Block): Promise<void> {
  const room = await store.call("reserve", STATE.length, []);
  if (room.kind === "full") throw new Error("The disk has no room for the benchmark.");
  writeFileSync(room.path, STATE);
  const sealed = await store.call("seal", { path: room.path, block, stateBytes: STATE.length });
  if (sealed === null) throw new Error("The disk did not take the benchmark's files.");
  await store.call("publish", root, [sealed], []);
}

async function measured(
  lookup: () => Promise<number | undefined>,
  expected: number,
): Promise<number> {
  const elapsedMs: number[] = [];
  for (let again = 0; again < REPETITIONS; again++) {
    const startMs = performance.now();
    const found = await lookup();
    elapsedMs.push(performance.now() - startMs);
    if (found !== expected) throw new Error("The prompt was not found.");
  }
  return median(elapsedMs);
}
