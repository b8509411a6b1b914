/** A bounded map that lets go of what was not used for longest. */
export class RecentlyUsed<V> {
  readonly #limit: number;
  readonly #onEvicted: (value: V) => void;
  readonly #entries = new Map<string, V>();

  constructor(limit: number, onEvicted: (value: V) => void) {
    this.#limit = limit;
    this.#onEvicted = onEvicted;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  /** Looks without counting as a use. */
  peek(key: string): V | undefined {
    return this.#entries.get(key);
  }

  set(key: string, value: V): void {
    // A map lists its keys in the order of insertion, so the front is what was used least lately.
    this.#entries.delete(key);
    this.#entries.set(key, value);
    for (const [oldest, evicted] of this.#entries) {
      if (this.#entries.size <= this.#limit) return;
      this.#entries.delete(oldest);
      this.#onEvicted(evicted);
    }
  }

  /** Lets go of a value that somebody else takes care of. */
  remove(key: string): void {
    this.#entries.delete(key);
  }

  /** The values, the one used last at the end. */
  values(): V[] {
    return [...this.#entries.values()];
  }
}
