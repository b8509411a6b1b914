import type { CellMoves, Engine } from "../engine/engine.ts";
import { klDivergence } from "./kl-divergence.ts";
import { ACTIVE } from "./ledger.ts";

/** Which primitive gave other probabilities than a fresh prefill, if one did. */
export type MovesCheck =
  | { readonly kind: "passed" }
  /** The model expects nearly the same whatever it has read, so that nothing can be seen. */
  | { readonly kind: "unclear" }
  | { readonly kind: "failed"; readonly primitive: "fork" | "join" | "shift" };

/** Cells are put aside here. */
const ASIDE = 1;
/** Tokens of each of the four parts of the text that is moved about. */
const PART_TOKENS = 4;
/** Where exact moves do not give the very same, they may be so many times as far from it as noise. */
const NOISE_TIMES = 4;
/**
 * What passes without and in spite of noise, as a share of how far two different texts are. Measured
 * on a CPU: exact moves 0; right shifts 0.000003 with f16, 0.00003 with q8_0 and 0.006 with q4_0 keys,
 * which are quantised again; keys that are three positions off 0.09 and more; one lost cell 0.003
 * and more.
 */
const SHARE_EXACT = 0.001;
const SHARE_MAX = 0.03;
/** Where different texts hardly differ, the check would see nothing. */
const DISTANCE_NATS_MIN = 0.01;

/** Ordinary text, so that a real model has something to attend to. */
const TEXT =
  "The first line of the file names the colours red and blue. The second line counts from one " +
  "to nine, and the last line asks which of the two colours was named before the other one.";

/**
 * Whether an engine's cells can really be moved: parks, cuts, joins, forks and shifts a short text
 * and compares what would follow with fresh prefills. Wants the cells empty and leaves them so. It
 * moves cells without a ledger, because there is none yet. Throws what the engine throws.
 */
export async function checkMoves(engine: Engine, signal: AbortSignal): Promise<MovesCheck> {
  const { moves } = engine.cells;
  if (moves === null) throw new Error("The cells of this model cannot be moved.");
  try {
    return await new Check(engine, moves, signal).run();
  } finally {
    moves.drop(ASIDE);
    moves.remove(ACTIVE, 0, Number.POSITIVE_INFINITY);
    moves.settle([], []);
  }
}

type Probabilities = ReadonlyMap<number, number>;

class Check {
  readonly #engine: Engine;
  readonly #moves: CellMoves;
  readonly #signal: AbortSignal;
  readonly #head: readonly number[];
  readonly #middle: readonly number[];
  readonly #tail: readonly number[];
  readonly #other: readonly number[];
  readonly #probe: number;

  constructor(engine: Engine, moves: CellMoves, signal: AbortSignal) {
    this.#engine = engine;
    this.#moves = moves;
    this.#signal = signal;
    const ids = engine.tokenizer.tokenize(TEXT, { specials: false });
    const part = (number: number): number[] =>
      Array.from(
        { length: PART_TOKENS },
        (_, at) => ids[(number * PART_TOKENS + at) % ids.length]!,
      );
    [this.#head, this.#middle, this.#tail, this.#other] = [part(0), part(1), part(2), part(3)];
    this.#probe = ids[0]!;
  }

  async run(): Promise<MovesCheck> {
    const whole = [...this.#head, ...this.#middle, ...this.#tail];
    const another = await this.#fresh([...this.#head, ...this.#other]);
    const exact = await this.#fresh(whole);
    const distance = klDivergence(exact, another);
    // Comparisons are such that one with a number that is none fails.
    if (!(distance >= DISTANCE_NATS_MIN)) return { kind: "unclear" };
    const forked = klDivergence(another, await this.#fork());
    const joined = klDivergence(exact, await this.#join(whole));
    let exactMax = SHARE_EXACT * distance;
    if (!(Math.max(forked, joined) <= exactMax)) {
      // Not equal, so how equal are two fresh prefills here?
      const again = await this.#fresh(this.#head, this.#middle, this.#tail);
      const noise = klDivergence(exact, again);
      exactMax = Math.min(NOISE_TIMES * noise, SHARE_MAX * distance);
    }
    if (!(forked <= exactMax)) return { kind: "failed", primitive: "fork" };
    if (!(joined <= exactMax)) return { kind: "failed", primitive: "join" };
    const shifted = this.#moves.canShift ? await this.#shift() : 0;
    if (!(shifted <= SHARE_MAX * distance)) return { kind: "failed", primitive: "shift" };
    return { kind: "passed" };
  }

  async #fresh(...batches: readonly (readonly number[])[]): Promise<Probabilities> {
    await this.#engine.cells.trim(0);
    for (const batch of batches) await this.#decode(batch);
    return await this.#next();
  }

  /** Another text behind the head, while the first one waits aside. */
  async #fork(): Promise<Probabilities> {
    await this.#moves.copy(ACTIVE, ASIDE);
    await this.#engine.cells.trim(this.#head.length);
    await this.#decode(this.#other);
    return await this.#next();
  }

  /** The middle is computed anew and the tail, which waited aside, is put behind it. */
  async #join(whole: readonly number[]): Promise<Probabilities> {
    await this.#engine.cells.trim(this.#head.length);
    this.#moves.remove(ASIDE, 0, this.#head.length + this.#middle.length);
    await this.#decode(this.#middle);
    await this.#moves.copy(ASIDE, ACTIVE);
    this.#moves.drop(ASIDE);
    this.#settle(whole);
    return await this.#next();
  }

  /**
   * Takes the head away and then moves the rest to the front. Attention looks at distances alone,
   * so the probabilities stay as they are, if keys and positions really move together.
   */
  async #shift(): Promise<number> {
    const [from, to] = [this.#head.length, this.#engine.cells.resident().length];
    this.#moves.remove(ACTIVE, 0, from);
    const before = await this.#next();
    this.#moves.shift(ACTIVE, from, to, -from);
    this.#settle([...this.#middle, ...this.#tail]);
    return klDivergence(before, await this.#next());
  }

  #settle(tokens: readonly number[]): void {
    this.#moves.settle(
      tokens,
      tokens.map((_, position) => position),
    );
  }

  async #decode(tokens: readonly number[]): Promise<void> {
    this.#signal.throwIfAborted();
    await this.#engine.cells.decode(tokens);
  }

  async #next(): Promise<Probabilities> {
    this.#signal.throwIfAborted();
    return await this.#engine.probabilitiesAfter(this.#probe);
  }
}
