/** What is kept of one command's output. Of more, the middle is dropped, and a line says so. */
const OUTPUT_CHARACTERS_MAX = 1_000_000;
/** Outputs that can still be read; the oldest goes first. */
const OUTPUTS_MAX = 16;

const HANDLE = /^output:(\d+)$/u;

/** One command's output while it comes. */
export class Output {
  #head = "";
  #tail = "";
  #dropped = 0;

  add(text: string): void {
    const half = OUTPUT_CHARACTERS_MAX / 2;
    const room = half - this.#head.length;
    this.#head += text.slice(0, Math.max(0, room));
    this.#tail += text.slice(Math.max(0, room));
    if (this.#tail.length <= 2 * half) return;
    this.#dropped += this.#tail.length - half;
    this.#tail = this.#tail.slice(-half);
  }

  get text(): string {
    if (this.#dropped === 0) return this.#head + this.#tail;
    return `${this.#head}\n[${this.#dropped} characters were not kept]\n${this.#tail}`;
  }
}

/** Outputs of commands by handle, so that what a result leaves out can be read later. */
export class Outputs {
  readonly #texts = new Map<string, string>();
  #next = 1;

  keep(text: string): string {
    const handle = `output:${this.#next++}`;
    this.#texts.set(handle, text);
    const [oldest] = this.#texts.keys();
    if (this.#texts.size > OUTPUTS_MAX && oldest !== undefined) this.#texts.delete(oldest);
    return handle;
  }

  /** `null` when this is no handle; `undefined` when it is one and nothing is kept under it. */
  read(path: string): string | null | undefined {
    return HANDLE.test(path) ? this.#texts.get(path) : null;
  }
}
