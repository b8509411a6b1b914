/** Sentences that wait for somebody to read them; older ones give way. */
const WAITING_MAX = 20;

/**
 * What a chat has to tell its user. While a message is answered, each sentence is announced at once;
 * all of them are read at the end of the answer, or of the next one.
 */
export class Notices {
  #waiting: string[] = [];
  #announce: ((sentence: string) => void) | null = null;

  add(sentence: string): void {
    this.#waiting = [...this.#waiting, sentence].slice(-WAITING_MAX);
    this.#announce?.(sentence);
  }

  /** From now on sentences are announced here; nowhere for `null`. Those that wait come first. */
  announceWith(announce: ((sentence: string) => void) | null): void {
    this.#announce = announce;
    if (announce !== null) for (const sentence of this.#waiting) announce(sentence);
  }

  /** All that wait, once. */
  take(): readonly string[] {
    return this.#waiting.splice(0);
  }
}
