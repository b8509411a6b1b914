import type { GenerateEvent } from "../../protocol/generate.ts";

/**
 * Text is sent at most this often. Every message wakes the client, and a client that wakes up in
 * the middle of a decode takes the core on which a compute thread was running, for which the
 * others then wait: token by token, that costs more than the decoding. Nobody reads faster.
 */
const PACE_MS = 25;

/** Sends the events of one generation in order, text and reasoning in portions. */
export class PacedEvents {
  readonly #send: (event: GenerateEvent) => void;
  #held: { readonly kind: "text" | "reasoning"; text: string } | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(send: (event: GenerateEvent) => void) {
    this.#send = send;
  }

  readonly add = (event: GenerateEvent): void => {
    if (event.kind !== "text" && event.kind !== "reasoning") {
      this.flush();
      this.#send(event);
    } else if (this.#held?.kind === event.kind) this.#held.text += event.text;
    else {
      this.#sendHeld();
      this.#hold(event);
    }
  };

  /** Sends what is held back. Must be called when the generation has ended. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#sendHeld();
  }

  /** The first portion goes at once: it is what the user waits for. */
  #hold({ kind, text }: { readonly kind: "text" | "reasoning"; readonly text: string }): void {
    if (this.#timer === null) {
      this.#send({ kind, text });
      this.#timer = setTimeout(() => this.#beat(), PACE_MS);
    } else this.#held = { kind, text };
  }

  #beat(): void {
    this.#timer = null;
    if (this.#held === null) return;
    this.#sendHeld();
    this.#timer = setTimeout(() => this.#beat(), PACE_MS);
  }

  #sendHeld(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#send(held);
  }
}
