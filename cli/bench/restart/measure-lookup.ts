import { writeFileSync } from "node:fs";
import { blockChain } from "../../../sidecar/store/block-chain.ts";
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

/** What looking up a long prompt takes that is all stored. */
export async function measureLookup(folder: string): Promise<LookupResult> {
  const opening = await BlockStore.open({
    folder,
    budgetBytes: Number.MAX_SAFE_INTEGER,
    freeFloorBytes: 0,
  });
  if (opening.kind === "unavailable") throw new Error(opening.sentence);
  const { store } = opening;
  const tokens = new RandomText(PROMPT_TOKENS, VOCABULARY).take(PROMPT_TOKENS);
  for (const block of blockChain(ROOT, tokens)) {
    const room = await store.call("reserve", STATE.length, []);
    if (room.kind === "full") throw new Error("The disk has no room for the benchmark.");
    writeFileSync(room.path, STATE);
    const sealed = await store.call("seal", { path: room.path, block, stateBytes: STATE.length });
    if (sealed === null) throw new Error("The disk did not take the benchmark's files.");
    await store.call("publish", ROOT, [sealed], []);
  }
  const lookupMs: number[] = [];
  for (let again = 0; again < REPETITIONS; again++) {
    const startMs = performance.now();
    const found = await store.call("lookup", ROOT, Int32Array.from(tokens));
    lookupMs.push(performance.now() - startMs);
    if (found.at(-1)?.to !== PROMPT_TOKENS) throw new Error("The prompt was not found.");
  }
  await store.close();
  return { promptTokens: PROMPT_TOKENS, lookupMs: median(lookupMs) };
}
