import type { Reuse } from "../../protocol/generate.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { KvState } from "../../sidecar/kv/kv-state.ts";
import { ACTIVE } from "../../sidecar/kv/ledger.ts";
import { PrefillSpeed } from "../../sidecar/turn/chunk.ts";
import { makeResident, type Residency } from "../../sidecar/turn/make-resident.ts";

export type Probabilities = ReadonlyMap<number, number>;

/** How a state compares with a fresh prefill of the same text. */
export type Comparison = { readonly kl: number; readonly noise: number };

/**
 * Rounding differs with the sizes of batches and with the order in which the cells of a text lie in
 * memory, more for some texts than for others. A state counts as that of a text when it is at most
 * this many times as far from a fresh prefill as fresh prefills of that text in other layouts are.
 */
export const NOISE_FACTOR = 4;
const LAYOUTS = 10;

/** The cells of an engine, moved as turns move them; ledger and engine are compared every time. */
export class EngineCells {
  readonly engine: Engine;
  readonly kv: KvState;

  readonly #slowShifts: boolean;

  /** With slow shifts, the planner takes a pass of them for something that a user would feel. */
  constructor(engine: Engine, options: { readonly slowShifts?: boolean } = {}) {
    this.engine = engine;
    this.#slowShifts = options.slowShifts ?? false;
    this.kv = new KvState(engine.cells, engine.facts.cellsTokens);
  }

  async decode(ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await this.kv.decode(ids);
  }

  #speed(): PrefillSpeed {
    const speed = new PrefillSpeed();
    if (!this.#slowShifts) return speed;
    speed.record(64, 640);
    speed.recordShift(1, 210);
    return speed;
  }

  async clear(): Promise<void> {
    await this.kv.trim(0);
    this.check();
  }

  check(): void {
    const disagreement = this.kv.disagreement([ACTIVE]);
    if (disagreement !== null) throw new Error(`Ledger and engine differ: ${disagreement}.`);
  }

  async probabilities(): Promise<Probabilities> {
    return await this.engine.probabilitiesAfter(7);
  }

  async fresh(ids: readonly number[]): Promise<Probabilities> {
    await this.clear();
    await this.decode(ids);
    return await this.probabilities();
  }

  /** Makes a text resident, and nothing behind it. */
  async becomes(
    ids: readonly number[],
    reuse: Reuse,
    options: { readonly positionsMax?: number; readonly leave?: 0 | 1 } = {},
  ): Promise<Residency> {
    const { leave = 0 } = options;
    const residency = await makeResident(this.kv, ids, {
      reuse,
      leave,
      healTokens: 0,
      checkpointsAt: [],
      positionsMax: options.positionsMax ?? this.engine.facts.windowTokens,
      speed: this.#speed(),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    this.check();
    const wanted = ids.slice(0, ids.length - leave);
    // A prompt that is resident already keeps what stands behind it.
    const resident = this.kv.resident().slice(0, wanted.length);
    if (resident.join() !== wanted.join()) throw new Error("Another text is resident.");
    await this.kv.trim(wanted.length);
    this.check();
    return residency;
  }

  /** Compares a state with fresh prefills of a text, and those with each other. */
  async compare(state: Probabilities, text: readonly number[]): Promise<Comparison> {
    const reference = await this.fresh(text);
    let noise = 0;
    for (let layout = 1; layout <= LAYOUTS; layout++) {
      await this.#prefillFolded(text, Math.floor((text.length * layout) / (LAYOUTS + 1)));
      noise = Math.max(noise, kl(reference, await this.probabilities()));
    }
    return { noise, kl: kl(reference, state) };
  }

  /** A fresh prefill whose cells from `fold` on lie in front of the others. */
  async #prefillFolded(text: readonly number[], fold: number): Promise<void> {
    await this.clear();
    await this.decode(tokens(text.length - fold, 1));
    const placeholder = await this.kv.park(ACTIVE);
    await this.kv.trim(0);
    await this.decode(text.slice(0, fold));
    this.kv.drop(placeholder);
    await this.decode(text.slice(fold));
  }
}

/** Tokens that are the same for the same seed. */
export function tokens(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, index) => 300 + ((index * 37 + seed * 101) % 6000));
}

export function kl(exact: Probabilities, other: Probabilities): number {
  return [...exact].reduce(
    (sum, [token, share]) =>
      share > 0 ? sum + share * Math.log(share / (other.get(token) ?? Number.MIN_VALUE)) : sum,
    0,
  );
}
