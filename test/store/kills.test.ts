import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { restorePrefix } from "../../sidecar/store/restore-prefix.ts";
import { killAt, startVictim } from "../support/run-victim.ts";
import { expectSound, killsOr } from "../support/sound-store.ts";
import { PROMPTS, victimPrompt } from "../support/store-victim.ts";
import { type Bench, openCells, ROOMY, SAVE_ALL } from "../support/stored-cells.ts";

const KILLS = killsOr(6);
/** One is stored in blocks, the other one's state as a whole. */
const MODELS = ["tiny", "tiny-lfm2"] as const;
type Model = (typeof MODELS)[number];
const PHASES = ["saving", "evicting", "restoring"] as const;
/** What a phase takes on a small model, roughly: the delay before the kill is random within it. */
const DELAY_MS_MAX = { saving: 60, evicting: 8, restoring: 25 };
const ROUNDS_MAX = 4;
/** About three of the prompts, so that every round evicts. */
const BUDGET_BYTES = 600_000;
const KILL_MS_MAX = 20_000;

type Probabilities = ReadonlyMap<number, number>;

let folder: string;
const models = new Map<Model, { readonly bench: Bench; readonly exact: Probabilities[] }>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-kills-"));
  for (const model of MODELS) {
    const bench = await openCells(join(folder, "elsewhere"), { model });
    const exact: Probabilities[] = [];
    for (let index = 0; index < PROMPTS; index++) {
      await bench.kv.trim(0);
      await bench.decode(victimPrompt(index));
      exact.push(await bench.engine.probabilitiesAfter(7));
    }
    models.set(model, { bench, exact });
  }
});

afterAll(async () => {
  for (const { bench } of models.values()) await bench.close();
  rmSync(folder, { recursive: true });
});

it(
  `is sound after each of ${KILLS} kills while saving, evicting and restoring`,
  { timeout: KILLS * KILL_MS_MAX },
  async () => {
    const settings = { ...ROOMY, folder: join(folder, "store"), budgetBytes: BUDGET_BYTES };
    let restoredTokens = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const phase = PHASES[kill % PHASES.length]!;
      const model = MODELS[Math.floor(kill / PHASES.length) % MODELS.length]!;
      const victim = startVictim({ ...settings, model, rounds: 1000, seed: kill });
      await killAt(victim, phase, {
        times: 1 + Math.floor(Math.random() * ROUNDS_MAX),
        delayMs: Math.random() * DELAY_MS_MAX[phase],
      });
      expect(victim.signalCode, "the victim was alive until it was killed").toBe("SIGKILL");
      await expectSound(settings);
      restoredTokens += await expectExact(settings.folder, model, kill % PROMPTS);
    }
    // Otherwise the answers above would be exact because all was computed anew.
    expect(restoredTokens).toBeGreaterThan(0);
  },
);

/** The next answer is the one of a fresh prefill. Answers how much of it came from the disk. */
async function expectExact(store: string, model: Model, index: number): Promise<number> {
  const { bench, exact } = models.get(model)!;
  const next = await openCells(store, { engine: bench.engine });
  await bench.engine.cells.trim(0);
  const tokens = victimPrompt(index);
  const restored = await restorePrefix(next.cells, tokens, SAVE_ALL.signal);
  expect(restored).toMatchObject({ damaged: [], failure: null });
  await next.decode(tokens.slice(restored.restoredTokens));
  expect(await bench.engine.probabilitiesAfter(7)).toEqual(exact[index]);
  expect(next.kv.disagreement([0])).toBeNull();
  await next.kv.trim(0);
  await next.store.close();
  return restored.restoredTokens;
}
