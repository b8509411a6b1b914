import type { Held } from "../kv/branches.ts";
import { RESTORE_TOKENS_MIN } from "../plan/plan-restore.ts";
import { BLOCK_TOKENS } from "../store/block-chain.ts";
import type { SaveOptions } from "../store/saved.ts";
import type { Residence } from "./residence.ts";

/** Beginnings of conversations that are remembered as saved. More are looked for on disk again. */
const FRONTS_MAX = 16;

/** Conversations whose front is known. No more than that have cells at once. */
const NOTED_MAX = 64;

export type SavingOptions = Pick<SaveOptions, "partial" | "signal" | "hold">;

/**
 * Keeps what conversations have in their cells on disk, so that it outlives the process. Only what
 * was added since the last time is looked at.
 */
export class Saving {
  readonly #residence: Residence;
  /** How long the stable front of each conversation is. */
  readonly #frontTokens = new Map<string, number>();
  /** What was saved of each conversation, or could not be and is not tried again. */
  readonly #done = new Map<string, readonly number[]>();
  #frontsDone: readonly (readonly number[])[] = [];

  constructor(residence: Residence) {
    this.#residence = residence;
  }

  /** Tells where the stable front of a conversation ends. */
  noteFront(contextId: string, tokens: number): void {
    this.#frontTokens.delete(contextId);
    this.#frontTokens.set(contextId, tokens);
    const [oldest] = this.#frontTokens.keys();
    // Without a store nothing else ever takes them out.
    if (this.#frontTokens.size > NOTED_MAX) this.#frontTokens.delete(oldest!);
  }

  /** Nothing counts as saved any more. */
  forget(): void {
    this.#done.clear();
    this.#frontsDone = [];
  }

  /** The same for what new conversations begin with. */
  forgetFronts(): void {
    this.#frontsDone = [];
  }

  /** Whether there are whole blocks or fronts to save, and cells that may be saved now. */
  get hasWork(): boolean {
    const { stored, held, kv } = this.#residence;
    if (stored === null || kv.ledger.hasPending) return false;
    return held.some((one) => this.#lacks(one, false) || this.#frontOf(one) !== null);
  }

  /** Saves the conversation in place first, then the others, those used last first. */
  async save(options: SavingOptions): Promise<void> {
    const { stored, held } = this.#residence;
    if (stored === null) return;
    const ids = new Set(held.map(({ contextId }) => contextId));
    for (const known of [this.#done, this.#frontTokens]) {
      for (const id of known.keys()) if (!ids.has(id)) known.delete(id);
    }
    for (const one of held) {
      if (options.signal.aborted) return;
      await this.#saveFront(one, options);
      if (this.#lacks(one, options.partial)) await this.#saveAll(one, options);
    }
  }

  async #saveAll({ contextId, branch }: Held, options: SavingOptions): Promise<void> {
    const { stored, kv } = this.#residence;
    const tokens = kv.ledger.tokensOf(branch).slice(0, kv.ledger.exactTokens(branch));
    const ended = await stored?.save({ ...options, branch });
    // Who was interrupted, or came too late, comes again; what failed is not tried over and over.
    if (ended === "aborted" || ended === "moved" || this.#residence.stored !== stored) return;
    // Another conversation may have got the branch since.
    if (kv.ledger.commonPrefix(branch, tokens) < tokens.length) return;
    const whole = options.partial || stored?.kind === "state";
    this.#done.set(contextId, whole ? tokens : tokens.slice(0, wholeOf(tokens.length)));
  }

  /** The front of the next conversation ends where this one's does, in the middle of a block. */
  async #saveFront(one: Held, options: SavingOptions): Promise<void> {
    const { stored } = this.#residence;
    const front = this.#frontOf(one);
    if (front === null) return;
    const { branch } = one;
    const ended = await stored?.save({
      ...options,
      branch,
      tokensMax: front.length,
      partial: true,
    });
    if (ended === "aborted" || ended === "moved" || this.#residence.stored !== stored) return;
    this.#frontsDone = [front, ...this.#frontsDone.slice(0, FRONTS_MAX - 1)];
    if (ended === "complete") await stored?.pin(front);
  }

  /** Whether exact tokens of a conversation have not been saved. */
  #lacks({ contextId, branch }: Held, partial: boolean): boolean {
    const { kv, stored } = this.#residence;
    const exact = kv.ledger.exactTokens(branch);
    const done = this.#done.get(contextId) ?? [];
    const saved = kv.ledger.commonPrefix(branch, done);
    if (partial) return saved < exact;
    // A state holds all of the text again, so it is not saved for every sentence.
    if (stored?.kind === "state") return exact - saved >= BLOCK_TOKENS;
    return saved < wholeOf(exact);
  }

  /** The tokens of a stable front that is exact and not saved yet. */
  #frontOf({ contextId, branch }: Held): readonly number[] | null {
    const { stored, kv } = this.#residence;
    const { ledger } = kv;
    const length = this.#frontTokens.get(contextId) ?? 0;
    // A state can only be written where it is.
    if (stored?.kind !== "blocks") return null;
    if (length < RESTORE_TOKENS_MIN || ledger.exactTokens(branch) < length) return null;
    const done = this.#frontsDone.some(
      (front) => front.length === length && ledger.commonPrefix(branch, front) === length,
    );
    return done ? null : ledger.tokensOf(branch).slice(0, length);
  }
}

function wholeOf(tokens: number): number {
  return tokens - (tokens % BLOCK_TOKENS);
}
