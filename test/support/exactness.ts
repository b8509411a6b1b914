import { expect } from "vitest";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { klDivergence } from "../../sidecar/kv/kl-divergence.ts";

/** Any token; what follows it tells states apart. */
const PROBE = 7;
/** Equal distributions differ by this much in single precision. */
const ROUNDING = 2e-6;

/** Ids that every generated model knows, different ones for each seed. */
export function tokens(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) => 300 + ((index * 37 + seed * 101) % 6000));
}

export async function decodeAll(
  engine: Engine,
  ids: readonly number[],
  batchTokens = engine.cells.batchTokens,
): Promise<void> {
  for (let at = 0; at < ids.length; at += batchTokens) {
    await engine.cells.decode(ids.slice(at, at + batchTokens));
  }
}

export async function probe(engine: Engine): Promise<ReadonlyMap<number, number>> {
  return await engine.probabilitiesAfter(PROBE);
}

/** What a prefill gives in an empty cache. */
export async function fresh(
  engine: Engine,
  text: readonly number[],
  batchTokens?: number,
): Promise<ReadonlyMap<number, number>> {
  await engine.cells.trim(0);
  await decodeAll(engine, text, batchTokens);
  return await probe(engine);
}

export type Reference = {
  readonly exact: ReadonlyMap<number, number>;
  /** The farthest of ten fresh prefills in batches of other sizes. */
  readonly noise: number;
};

/** What a fresh prefill of a text gives. Empties the cells before. */
export async function reference(engine: Engine, text: readonly number[]): Promise<Reference> {
  const exact = await fresh(engine, text);
  let noise = 0;
  for (let parts = 2; parts <= 11; parts++) {
    const batchTokens = Math.max(1, Math.floor(Math.min(text.length, 512) / parts));
    noise = Math.max(noise, klDivergence(exact, await fresh(engine, text, batchTokens)));
  }
  return { exact, noise };
}

/** A state counts as that of a text within four times the noise of fresh prefills. */
export function expectExact(
  { exact, noise }: Reference,
  state: ReadonlyMap<number, number>,
  label?: string,
): void {
  expect(klDivergence(exact, state), label).toBeLessThanOrEqual(4 * noise + ROUNDING);
}
