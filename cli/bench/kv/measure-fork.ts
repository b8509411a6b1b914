import type { Engine } from "../../../sidecar/engine/engine.ts";
import { Branches } from "../../../sidecar/kv/branches.ts";
import { ACTIVE } from "../../../sidecar/kv/ledger.ts";
import { median } from "../median.ts";
import { BenchCells } from "./bench-cells.ts";
import type { ForkRow } from "./messages.ts";
import { RandomText } from "./random-text.ts";

const REPETITIONS = 21;
/** What the two conversations do not share. */
const OWN_TOKENS = 64;

/** What it takes to fork a conversation, and to change between two that share all but their end. */
export async function measureFork(
  engine: Engine,
  vocabulary: number,
  contextTokens: number,
): Promise<ForkRow> {
  const random = new RandomText(contextTokens, vocabulary);
  const cells = new BenchCells(engine);
  const branches = new Branches(cells.kv);
  const shared = random.take(contextTokens - OWN_TOKENS);
  const prompts = {
    one: [...shared, ...random.take(OWN_TOKENS)],
    two: [...shared, ...random.take(OWN_TOKENS)],
  };
  await cells.kv.trim(0);
  for (const [name, prompt] of Object.entries(prompts)) {
    await branches.activate(name, prompt);
    await cells.firstToken(prompt, "exact");
  }
  const forkMs: number[] = [];
  const switchMs: number[] = [];
  for (let again = 0; again < REPETITIONS; again++) {
    const startMs = performance.now();
    const fork = await cells.kv.park(ACTIVE);
    forkMs.push(performance.now() - startMs);
    cells.kv.drop(fork);
    const [name, prompt] = Object.entries(prompts)[again % 2]!;
    switchMs.push(await timed(() => branches.activate(name, prompt)));
  }
  await branches.clear();
  return { contextTokens, forkMs: median(forkMs), switchMs: median(switchMs) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
