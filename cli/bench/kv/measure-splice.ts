import type { Engine } from "../../../sidecar/engine/engine.ts";
import { klDivergence } from "../../../sidecar/kv/kl-divergence.ts";
import { median } from "../median.ts";
import { BenchCells } from "./bench-cells.ts";
import { type EditCase, editCase } from "./edits.ts";
import type { EditKind, SpliceRow } from "./messages.ts";
import { RandomText } from "./random-text.ts";

const DEPTHS = [0.1, 0.5, 0.9];
const NOISE_TOKENS = 512;
const BATCH_SIZES = [512, 384, 256, 192, 160, 128, 96, 80, 64, 48, 32];

/** How often each row is measured, and in how many batch sizes the noise: the first few of them. */
type Effort = { readonly repetitions: number; readonly batchSizes: number };

export const FULL: Effort = { repetitions: 5, batchSizes: BATCH_SIZES.length };
export const QUICK: Effort = { repetitions: 3, batchSizes: 5 };

/** Splices against prefix-only and against the least that must be decoded, on one engine. */
export class SpliceMeasurement {
  readonly #cells: BenchCells;
  readonly #allocatedTokens: number;
  readonly #random: RandomText;
  readonly #effort: Effort;

  constructor(engine: Engine, vocabulary: number, effort: Effort) {
    this.#effort = effort;
    this.#cells = new BenchCells(engine);
    this.#allocatedTokens = engine.facts.cellsTokens;
    this.#random = new RandomText(20_261, vocabulary);
  }

  async *rows(
    contextTokens: number,
    edits: readonly EditKind[],
    depths = DEPTHS,
  ): AsyncGenerator<SpliceRow> {
    let base: readonly number[] = this.#random.take(contextTokens);
    for (const depth of depths) {
      for (const edit of edits) {
        // An append has no depth, so it is measured once.
        if (edit === "append" && depth !== depths[0]) continue;
        const measured = editCase(edit, depth, base, this.#random);
        yield await this.#measure(measured);
        // The edited context is resident and exact, so the next edit is made to it.
        base = this.#cut(measured.edited, contextTokens);
      }
    }
  }

  /** The same context at the wanted length. */
  #cut(tokens: readonly number[], length: number): readonly number[] {
    const missing = Math.max(0, length - tokens.length);
    return [...tokens.slice(0, length), ...this.#random.take(missing)];
  }

  /** The largest KL between prefills of one prompt in batches of different size. */
  async noiseFloorKl(): Promise<number> {
    const tokens = this.#random.take(NOISE_TOKENS);
    const states: ReadonlyMap<number, number>[] = [];
    for (const size of BATCH_SIZES.slice(0, this.#effort.batchSizes)) {
      await this.#cells.kv.trim(0);
      for (let at = 0; at < tokens.length; at += size) {
        await this.#cells.kv.decode(tokens.slice(at, at + size));
      }
      states.push(await this.#cells.probabilities());
    }
    const [first, ...others] = states;
    return Math.max(...others.map((other) => klDivergence(first!, other)));
  }

  async #measure(measured: EditCase): Promise<SpliceRow> {
    const { base, edited, newTokens } = measured;
    const { repetitions } = this.#effort;
    const cells = this.#cells;
    await cells.firstToken(base, "exact");
    const splice = await cells.firstToken(edited, "splice");
    const spliced = await cells.probabilities();
    const spliceMs = [splice.elapsedMs];
    for (let again = 1; again < repetitions; again++) {
      // Without a hole on the way back, or the next repetition would find room and shift nothing.
      await cells.firstToken(base, "splice", base.length);
      spliceMs.push((await cells.firstToken(edited, "splice")).elapsedMs);
    }
    // Only the common prefix is left, so this computes what prefix reuse would have to.
    await cells.kv.trim(edited.findIndex((token, at) => token !== base[at]));
    const prefixOnly = await cells.firstToken(edited, "exact");
    const exact = await cells.probabilities();
    const limitMs: number[] = [];
    const fresh = this.#random.take(Math.max(1, newTokens));
    for (let again = 0; again < repetitions; again++) limitMs.push(await cells.decodeAtEnd(fresh));
    const firstTokenMs = median(spliceMs);
    const limit = median(limitMs);
    const { residency } = splice;
    return {
      contextTokens: base.length,
      allocatedTokens: this.#allocatedTokens,
      edit: measured.edit,
      depth: measured.depth,
      oldTokens: measured.oldTokens,
      newTokens,
      // With the last token of the prompt, whose logits every answer needs.
      prefilledTokens: residency.computedTokens + 1,
      keptTokens: residency.prefixTokens + residency.plan.splicedTokens,
      firstTokenMs,
      prefixOnlyMs: prefixOnly.elapsedMs,
      limitMs: limit,
      speedupOverPrefix: prefixOnly.elapsedMs / firstTokenMs,
      ratioToLimit: firstTokenMs / limit,
      klToExact: klDivergence(exact, spliced),
    };
  }
}
