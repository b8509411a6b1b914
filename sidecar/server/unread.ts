/** Messages of one stream that may be on their way; a reader further behind than this is slow. */
const UNREAD_MAX = 32;
/** How long an answer waits for a slow reader before it is given up. */
const READER_MS_MAX = 30_000;

/**
 * Counts the messages that the wire has not yet taken. When they are too many, whoever writes is
 * told to wait until half of them are gone; a reader that never comes back is given up.
 */
export class Unread {
  /** Called when the reader has fallen behind, with what settles when it has caught up. */
  onBehind: (caughtUp: Promise<void>) => void = () => undefined;
  readonly #gaveUp = new AbortController();
  #count = 0;
  #waiting: { readonly caughtUp: () => void; readonly timer: NodeJS.Timeout } | null = null;

  /** Fires when the reader has not come back in time. */
  get gaveUp(): AbortSignal {
    return this.#gaveUp.signal;
  }

  /** Takes a message on its way; the promise settles when the wire has taken it. */
  add(message: Promise<void>): void {
    this.#count++;
    const taken = (): void => {
      this.#count--;
      if (this.#count <= UNREAD_MAX / 2) this.#catchUp();
    };
    message.then(taken, taken);
    if (this.#count > UNREAD_MAX && this.#waiting === null) this.#wait();
  }

  /** Must be called when the answer has ended. */
  dispose(): void {
    this.#catchUp();
  }

  #wait(): void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(() => this.#gaveUp.abort(), READER_MS_MAX);
    this.#waiting = { caughtUp: resolve, timer };
    this.onBehind(promise);
  }

  #catchUp(): void {
    if (this.#waiting === null) return;
    clearTimeout(this.#waiting.timer);
    this.#waiting.caughtUp();
    this.#waiting = null;
  }
}
