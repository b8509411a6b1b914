/** Says whether something that has just crashed may start again, or does so too often. */
export class RestartBudget {
  readonly #restartsMax: number;
  readonly #withinMs: number;
  #restartsAtMs: number[] = [];

  constructor(restartsMax: number, withinMs: number) {
    this.#restartsMax = restartsMax;
    this.#withinMs = withinMs;
  }

  spend(nowMs: number): boolean {
    this.#restartsAtMs = this.#restartsAtMs.filter((atMs) => nowMs - atMs < this.#withinMs);
    if (this.#restartsAtMs.length >= this.#restartsMax) return false;
    this.#restartsAtMs.push(nowMs);
    return true;
  }

  refill(): void {
    this.#restartsAtMs = [];
  }
}
