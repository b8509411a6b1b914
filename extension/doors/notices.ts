/** Sentences that wait for somebody to read them; older ones give way. */
const WAITING_MAX = 20;

/** What a chat has to tell its user: at once while a message is answered, with the next one else. */
export class Notices {
  #waiting: string[] = [];
  #show: ((sentence: string) => void) | null = null;

  add(sentence: string): void {
    if (this.#show === null) this.#waiting = [...this.#waiting, sentence].slice(-WAITING_MAX);
    else this.#show(sentence);
  }

  /** From now on sentences are shown here; nowhere for `null`. Those that wait come first. */
  showWith(show: ((sentence: string) => void) | null): void {
    this.#show = show;
    if (show === null) return;
    for (const sentence of this.#waiting.splice(0)) show(sentence);
  }
}
