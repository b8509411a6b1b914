/**
 * A process that works on a store until it is killed, or for some rounds. It says what it is about
 * to do, so that whoever kills it knows what it hits, and fails when an answer is not exact.
 */
import { isDeepStrictEqual } from "node:util";
import type { ModelName } from "../../cli/models/catalogue.ts";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { saveResident } from "../../sidecar/store/save-resident.ts";
import { openCells, prompt, SAVE_ALL } from "./stored-cells.ts";

export type VictimTask = {
  readonly folder: string;
  readonly model: ModelName;
  readonly budgetBytes: number;
  readonly rounds: number;
  readonly seed: number;
};

export type VictimPhase = "restoring" | "saving" | "evicting" | "done";

export type VictimReport = {
  readonly phase: VictimPhase;
  /** Why the last save ended. */
  readonly ended: string | null;
  readonly restoredTokens: number;
};

export const PROMPTS = 6;
const SHARED_TOKENS = 512;
const OWN_TOKENS = 300;
const PROBE_TOKEN = 7;

/** Prompts that begin the same. */
export function victimPrompt(index: number): number[] {
  return [...prompt(99, SHARED_TOKENS), ...prompt(index + 1, OWN_TOKENS)];
}

if (process.argv[1] === import.meta.filename) {
  await work(JSON.parse(process.argv[2]!) as VictimTask);
}

async function work({ folder, model, budgetBytes, rounds, seed }: VictimTask): Promise<void> {
  const bench = await openCells(folder, { model, settings: { budgetBytes } });
  const exact = new Map<number, ReadonlyMap<number, number>>();
  let ended: string | null = null;
  let restoredTokens = 0;
  const say = (phase: VictimPhase): void => {
    process.send?.({ phase, ended, restoredTokens } satisfies VictimReport);
  };
  for (let round = 0; round < rounds; round++) {
    const index = (seed + round * 5) % PROMPTS;
    const tokens = victimPrompt(index);
    await bench.kv.trim(0);
    if (!exact.has(index)) {
      await bench.decode(tokens);
      exact.set(index, await bench.engine.probabilitiesAfter(PROBE_TOKEN));
      await bench.kv.trim(0);
    }
    say("restoring");
    const restored = await restorePrefix(bench.cells, tokens, SAVE_ALL.signal);
    restoredTokens += restored.restoredTokens;
    if (restored.restoredTokens < SHARED_TOKENS) {
      await bench.decode(tokens.slice(restored.restoredTokens, SHARED_TOKENS));
      say("saving");
      await saveResident(bench.cells, SAVE_ALL);
    }
    await bench.decode(tokens.slice(bench.kv.resident().length));
    const answer = await bench.engine.probabilitiesAfter(PROBE_TOKEN);
    if (!isDeepStrictEqual(answer, exact.get(index))) throw new Error("An answer was not exact.");
    say("saving");
    ({ ended } = await saveResident(bench.cells, { ...SAVE_ALL, partial: round % 2 === 0 }));
    say("evicting");
    await bench.store.call("reserve", budgetBytes * 0.6, []);
  }
  say("done");
  await bench.close();
  process.disconnect?.();
}
