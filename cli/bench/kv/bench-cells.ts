import type { Reuse } from "../../../protocol/generate.ts";
import type { Engine } from "../../../sidecar/engine/engine.ts";
import { KvState } from "../../../sidecar/kv/kv-state.ts";
import { PrefillSpeed } from "../../../sidecar/turn/chunk.ts";
import { makeResident, type Residency } from "../../../sidecar/turn/make-resident.ts";

export type Timed = { readonly elapsedMs: number; readonly residency: Residency };

/** The cells of one engine, driven as a turn drives them. */
export class BenchCells {
  readonly kv: KvState;
  readonly #engine: Engine;
  readonly #speed = new PrefillSpeed();

  constructor(engine: Engine) {
    this.#engine = engine;
    this.kv = new KvState(engine.cells, engine.facts.cellsTokens);
  }

  /**
   * Makes a prompt resident and decodes its last token: what a user waits for.
   *
   * @param positionsMax with as many as there are tokens, no hole is left.
   */
  async firstToken(
    wanted: readonly number[],
    reuse: Reuse,
    positionsMax = this.#engine.facts.windowTokens,
  ): Promise<Timed> {
    const startMs = performance.now();
    const residency = await makeResident(this.kv, wanted, {
      reuse,
      leave: 1,
      healTokens: 0,
      checkpointsAt: [],
      positionsMax,
      speed: this.#speed,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    await this.kv.decode(wanted.slice(-1));
    const elapsedMs = performance.now() - startMs;
    const disagreement = this.kv.disagreement([0]);
    if (disagreement !== null) throw new Error(`Ledger and engine differ: ${disagreement}.`);
    return { elapsedMs, residency };
  }

  /** Decodes tokens at the end of what is resident, and takes them away again. */
  async decodeAtEnd(tokens: readonly number[]): Promise<number> {
    const present = this.kv.resident().length;
    const startMs = performance.now();
    for (let at = 0; at < tokens.length; at += this.kv.batchTokens) {
      await this.kv.decode(tokens.slice(at, at + this.kv.batchTokens));
    }
    const elapsedMs = performance.now() - startMs;
    await this.kv.trim(present);
    return elapsedMs;
  }

  async probabilities(): Promise<ReadonlyMap<number, number>> {
    return await this.#engine.probabilitiesAfter(PROBE_TOKEN);
  }
}

/** Any token will do: the distributions of two states are compared behind the same one. */
const PROBE_TOKEN = 7;
