import type { MeterReading } from "../../protocol/meter.ts";
import type { Engine } from "../engine/engine.ts";
import { ACTIVE } from "../kv/ledger.ts";
import { driftBetween, type DriftLog } from "./drift.ts";
import { windowOf } from "./answer-room.ts";
import type { Residence } from "./residence.ts";
import type { StaleEdits } from "./stale-edits.ts";

type Probabilities = ReadonlyMap<number, number>;

/**
 * Repairs what splicing left behind while nobody waits, and measures how far it had led the model
 * astray: what it expects next before the first chunk of a repair, against what it expects when all
 * is exact.
 */
export class Folding {
  readonly #engine: Engine;
  readonly #residence: Residence;
  readonly #staleEdits: StaleEdits;
  /** What was expected before a repair that was interrupted, and behind which tokens. */
  #before: { readonly tokens: readonly number[]; readonly expected: Probabilities } | null = null;
  readonly #logDrift: DriftLog;

  constructor(options: {
    readonly engine: Engine;
    readonly residence: Residence;
    readonly staleEdits: StaleEdits;
    readonly logDrift: DriftLog;
  }) {
    this.#engine = options.engine;
    this.#residence = options.residence;
    this.#staleEdits = options.staleEdits;
    this.#logDrift = options.logDrift;
  }

  /** Tokens of the conversation in place that saw an older text. */
  get staleTokens(): number {
    return this.#residence.kv.ledger.staleTokens(ACTIVE);
  }

  async fold(signal: AbortSignal): Promise<MeterReading> {
    const { kv } = this.#residence;
    const tokens = kv.resident();
    const exactTokens = kv.exactTokens();
    const startMs = performance.now();
    await this.#lookBefore(tokens);
    const prefilledTokens = await this.#residence.fold(signal);
    const { staleTokens } = this;
    return {
      contextId: this.#residence.contextId ?? "",
      task: "fold",
      usage: {
        promptTokens: tokens.length,
        prefixTokens: exactTokens,
        splicedTokens: staleTokens,
        restoredTokens: 0,
        forkedTokens: 0,
        prefilledTokens,
        healedTokens: prefilledTokens,
        staleTokens,
        generatedTokens: 0,
      },
      firstTokenMs: null,
      prefillMs: performance.now() - startMs,
      decodeMs: 0,
      savedMs: 0,
      divergence: null,
      staleSince: this.#staleEdits.tell(kv.ledger),
      prefilled: [],
      drift: staleTokens === 0 ? await this.#lookAfter(tokens) : null,
    };
  }

  async #lookBefore(tokens: readonly number[]): Promise<void> {
    if (this.#before !== null && sameTokens(this.#before.tokens, tokens)) return;
    const expected = await this.#expected(tokens);
    this.#before = expected === null ? null : { tokens, expected };
  }

  async #lookAfter(tokens: readonly number[]): Promise<MeterReading["drift"]> {
    const before = this.#before;
    const after = before === null ? null : await this.#expected(tokens);
    this.#before = null;
    if (before === null || after === null) return null;
    const latest = driftBetween(after, before.expected);
    return { latest, statistics: this.#logDrift(latest) };
  }

  /** Behind any token: both states are asked behind the same one. `null` where it has no room. */
  async #expected(tokens: readonly number[]): Promise<Probabilities | null> {
    const { kv } = this.#residence;
    if (kv.ledger.freeTokens === 0 || kv.endPosition >= windowOf(this.#engine.facts)) return null;
    return await this.#engine.probabilitiesAfter(tokens.at(-1) ?? 0);
  }
}

function sameTokens(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((token, at) => token === other[at]);
}
