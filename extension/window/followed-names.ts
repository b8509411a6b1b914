type Listener = () => void;

/**
 * Who follows which file, by the name under which they know it, and what those files are called by now.
 * A name that nobody follows any more means whatever file has it.
 */
export class FollowedNames {
  readonly #listeners = new Map<string, Set<Listener>>();
  /** Of followed files only, and gone with the last who follows. */
  readonly #renamed = new Map<string, string>();

  get all(): readonly string[] {
    return [...this.#listeners.keys()];
  }

  /** Where the file is that was known by this name. */
  currentOf(name: string): string {
    return this.#renamed.get(name) ?? name;
  }

  add(name: string, listener: Listener): void {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners.add(listener));
  }

  /** Answers whether nobody follows this file any more. */
  remove(name: string, listener: Listener): boolean {
    const listeners = this.#listeners.get(name);
    listeners?.delete(listener);
    if (listeners !== undefined && listeners.size > 0) return false;
    this.#listeners.delete(name);
    this.#renamed.delete(name);
    return true;
  }

  tell(name: string): void {
    for (const listener of this.#listeners.get(name) ?? []) listener();
  }

  /** A folder takes the files in it along. */
  rename(from: string, to: string): void {
    for (const name of this.all) {
      const current = this.currentOf(name);
      if (current !== from && !current.startsWith(`${from}/`)) continue;
      const renamed = to + current.slice(from.length);
      if (renamed === name) this.#renamed.delete(name);
      else this.#renamed.set(name, renamed);
      this.tell(name);
    }
  }
}
