/** How far an agent may get ahead of another before the other takes over. */
export const QUANTUM_MS = 50;

/**
 * The time that each agent with work in the lane has had the model. Who has had least comes next,
 * so a long answer and a long prefill get the same share however their decodes differ in length.
 */
export class FairShare {
  readonly #spentMs = new Map<string, number>();
  readonly #served = new Set<string>();
  readonly #jobs = new Map<string, number>();

  /**
   * An agent that comes with its first job starts a quantum behind all that have been served, so
   * that it is served at once, and beside all others that have not.
   */
  enter(agent: string): void {
    this.#jobs.set(agent, (this.#jobs.get(agent) ?? 0) + 1);
    if (this.#spentMs.has(agent)) return;
    const least = Math.min(...[...this.#served].map((served) => this.#spentMs.get(served) ?? 0));
    this.#spentMs.set(agent, Number.isFinite(least) ? least - QUANTUM_MS : 0);
  }

  /** An agent without jobs is forgotten. */
  leave(agent: string): void {
    const left = (this.#jobs.get(agent) ?? 1) - 1;
    if (left > 0) {
      this.#jobs.set(agent, left);
      return;
    }
    this.#jobs.delete(agent);
    this.#spentMs.delete(agent);
    this.#served.delete(agent);
  }

  spend(agent: string, elapsedMs: number): void {
    this.#served.add(agent);
    this.#spentMs.set(agent, (this.#spentMs.get(agent) ?? 0) + elapsedMs);
  }

  /** How much more of the model the one has had than the other. */
  leadMs(agent: string, other: string): number {
    return (this.#spentMs.get(agent) ?? 0) - (this.#spentMs.get(other) ?? 0);
  }
}
