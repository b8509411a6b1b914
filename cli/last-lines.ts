/** The last lines of a stream of text, for error messages. */
export class LastLines {
  readonly #linesMax: number;
  readonly #lines: string[] = [];
  #unfinished = "";

  constructor(linesMax: number) {
    this.#linesMax = linesMax;
  }

  add(text: string): void {
    const lines = (this.#unfinished + text).split(/\r?\n/u);
    this.#unfinished = lines.pop()!;
    this.#lines.push(...lines.filter((line) => line.trim() !== ""));
    this.#lines.splice(0, this.#lines.length - this.#linesMax);
  }

  get all(): readonly string[] {
    return this.#unfinished.trim() === "" ? this.#lines : [...this.#lines, this.#unfinished];
  }
}
