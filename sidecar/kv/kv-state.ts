import type { Cells } from "../engine/engine.ts";
import { ACTIVE, BRANCHES_MAX, type Extent, Ledger } from "./ledger.ts";

/**
 * The cells of an engine together with their ledger. Everything that touches cells goes through
 * here, so that the two can only differ where the engine breaks its promise; `disagreement` tells.
 */
export class KvState {
  readonly ledger: Ledger;
  /** Awaited when a state was kept: it is the present one, which it will never be again. */
  onCheckpoint: (() => Promise<void>) | null = null;
  readonly #cells: Cells;
  #decodedMs = 0;
  readonly #freeBranches = Array.from({ length: BRANCHES_MAX - 1 }, (_, index) => index + 1);
  #edits = 0;

  constructor(cells: Cells, cellsTokens: number) {
    this.#cells = cells;
    this.ledger = new Ledger(cellsTokens);
  }

  get batchTokens(): number {
    return this.#cells.batchTokens;
  }

  get canMove(): boolean {
    return this.#cells.moves !== null;
  }

  get canShift(): boolean {
    return this.#cells.moves?.canShift === true;
  }

  evaluatedTokens(): number {
    return this.#cells.evaluatedTokens();
  }

  /** Ids of the active branch in order, by index: holes in the positions are not among them. */
  resident(): readonly number[] {
    return this.ledger.tokensOf(ACTIVE);
  }

  /** Where the next token of the active branch goes. */
  get endPosition(): number {
    return this.ledger.endOf(ACTIVE);
  }

  /** Leading cells of the active branch that a fresh prefill would compute the same. */
  exactTokens(): number {
    return this.ledger.exactTokens(ACTIVE);
  }

  /**
   * Cuts the active branch to a number of tokens. Answers how many are left: fewer where the state
   * cannot be cut.
   */
  async trim(length: number): Promise<number> {
    // Right behind the last cell that stays, so that no hole is left at the end.
    const end = await this.#cells.trim(this.ledger.endOf(ACTIVE, length));
    this.ledger.remove(ACTIVE, end, Number.POSITIVE_INFINITY);
    return this.ledger.lengthOf(ACTIVE);
  }

  /** Whether the engine keeps states to come back to, because it cannot cut. */
  get keepsCheckpoints(): boolean {
    return this.#cells.checkpoint !== null;
  }

  async checkpoint(): Promise<void> {
    await this.#cells.checkpoint?.();
    await this.onCheckpoint?.();
  }

  /** How many tokens `trim` would leave. */
  landing(length: number): number {
    if (!this.keepsCheckpoints || length >= this.ledger.lengthOf(ACTIVE)) return length;
    return this.#cells.checkpointLengths().findLast((kept) => kept <= length) ?? 0;
  }

  /** Answers the milliseconds it took, without those that it waited for its turn. */
  async decode(tokens: readonly number[]): Promise<number> {
    const elapsedMs = await this.#cells.decode(tokens);
    this.#decodedMs += elapsedMs;
    this.ledger.append(tokens);
    return elapsedMs;
  }

  /** What all calls of `decode` took together. */
  get decodedMs(): number {
    return this.#decodedMs;
  }

  /** Takes over what the engine decoded by itself, as it does while it generates. */
  follow(): void {
    const resident = this.#cells.resident();
    const end = this.ledger.endOf(ACTIVE);
    if (resident.length > end) this.ledger.append(resident.slice(end));
    else this.ledger.remove(ACTIVE, resident.length, Number.POSITIVE_INFINITY);
  }

  /** Tells the engine what the active branch holds, after another agent had its seat. */
  settle(): void {
    if (this.canMove) this.#settle(ACTIVE);
  }

  get freeBranches(): number {
    return this.#freeBranches.length;
  }

  /** Copies a branch into an unused one and answers that one. It is given back by `drop`. */
  async park(source: number): Promise<number> {
    const branch = this.#freeBranches.shift();
    if (branch === undefined) throw new RangeError(`There are only ${BRANCHES_MAX} branches.`);
    await this.copy(source, branch);
    return branch;
  }

  async copy(source: number, target: number): Promise<void> {
    await this.#moves.copy(source, target);
    this.ledger.copy(source, target);
    this.#settle(target);
  }

  /** Puts a copy of a branch in the place of the active one. */
  async exchange(branch: number): Promise<void> {
    this.#moves.remove(ACTIVE, 0, Number.POSITIVE_INFINITY);
    this.ledger.drop(ACTIVE);
    await this.copy(branch, ACTIVE);
  }

  /**
   * Puts a branch in the place of the active one and gives it up. What it shares with the active
   * one stays: the engine's time goes with the cells that are touched, and two conversations often
   * differ in their ends alone.
   */
  async takeOver(branch: number): Promise<void> {
    const end = this.ledger.endOf(ACTIVE, this.ledger.sharedFront(ACTIVE, branch));
    this.#moves.remove(ACTIVE, end, Number.POSITIVE_INFINITY);
    this.ledger.remove(ACTIVE, end, Number.POSITIVE_INFINITY);
    if (end > 0) this.remove(branch, 0, end);
    await this.copy(branch, ACTIVE);
    this.drop(branch);
  }

  /** Takes positions from..to (exclusive) out of a branch. */
  remove(branch: number, from: number, to: number): void {
    this.#moves.remove(branch, from, to);
    this.ledger.remove(branch, from, to);
    this.#settle(branch);
  }

  drop(branch: number): void {
    if (this.#freeBranches.includes(branch)) throw new Error(`Branch ${branch} is not in use.`);
    this.#moves.drop(branch);
    this.ledger.drop(branch);
    if (branch === ACTIVE) this.#settle(branch);
    else this.#freeBranches.push(branch);
  }

  shift(branch: number, from: number, to: number, delta: number): void {
    // The ledger first: it refuses to move what another branch sees.
    this.ledger.shift(branch, from, to, delta);
    this.#moves.shift(branch, from, to, delta);
  }

  /** A number for one more edit, since which cells may be stale. */
  nextEdit(): number {
    return ++this.#edits;
  }

  /** Notes that the cells of the active branch from a position on saw what was before an edit. */
  markStale(from: number, edit: number): void {
    this.ledger.markStale(ACTIVE, from, edit);
  }

  /** The first difference between ledger and engine in words, or `null`. For tests and checks. */
  disagreement(branches: readonly number[]): string | null {
    // Without moves there is one branch, and nothing that tells its extent.
    for (const branch of this.canMove ? branches : []) {
      const ledger = this.ledger.extentOf(branch);
      const engine: Extent = this.#moves.extentOf(branch);
      if (ledger.min !== engine.min || ledger.max !== engine.max) {
        return `branch ${branch}: ledger ${ledger.min}..${ledger.max}, engine ${engine.min}..${engine.max}`;
      }
    }
    const resident = this.#cells.resident();
    const end = this.ledger.endOf(ACTIVE);
    const positions = this.ledger.positionsOf(ACTIVE);
    const equal = this.ledger.tokensOf(ACTIVE).every((id, at) => id === resident[positions[at]!]);
    return equal && end === resident.length
      ? null
      : `the active branch: ledger ${positions.length} ids to ${end}, engine to ${resident.length}`;
  }

  get #moves(): NonNullable<Cells["moves"]> {
    if (this.#cells.moves === null) throw new Error("The cells of this model cannot be moved.");
    return this.#cells.moves;
  }

  #settle(branch: number): void {
    if (branch !== ACTIVE) return;
    this.#moves.settle(this.ledger.tokensOf(ACTIVE), this.ledger.positionsOf(ACTIVE));
  }
}
