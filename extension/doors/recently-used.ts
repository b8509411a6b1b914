/** A bounded map that lets go of what was not used for longest. */
export class RecentlyUsed<V> {
  readonly #limit: number;
  readonly #onEvicted: (value: V) => void;
  readonly #mayGo: (value: V) => boolean;
  readonly #entries = new Map<string, V>();

  /** @param mayGo what its owner still needs stays, even beyond the limit. */
  constructor(
    limit: number,
    onEvicted: (value: V) => void,
    mayGo: (value: V) => boolean = () => true,
  ) {
    this.#limit = limit;
    this.#onEvicted = onEvicted;
    this.#mayGo = mayGo;
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
    this.evictSurplus();
  }

  /** To be called when something may go that had to stay. What was used last stays in any case. */
  evictSurplus(): void {
    for (const [oldest, value] of [...this.#entries].slice(0, -1)) {
      if (this.#entries.size <= this.#limit) return;
      if (!this.#mayGo(value)) continue;
      this.#entries.delete(oldest);
      this.#onEvicted(value);
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
