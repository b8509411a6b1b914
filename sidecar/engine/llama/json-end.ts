/** Finds the end of a JSON object in a stream of text, however the stream is cut. */
export class JsonEnd {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #seen = 0;

  /** Characters up to and with the closing brace, once it has been seen. */
  end: number | null = null;

  feed(text: string): void {
    for (let index = 0; index < text.length && this.end === null; index++) {
      this.#step(text[index]!);
      if (this.#depth === 0 && text[index] === "}" && !this.#inString) {
        this.end = this.#seen + index + 1;
      }
    }
    this.#seen += text.length;
  }

  #step(character: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (this.#inString) {
      if (character === "\\") this.#escaped = true;
      else if (character === '"') this.#inString = false;
    } else if (character === '"') this.#inString = true;
    else if (character === "{" || character === "[") this.#depth++;
    else if (character === "}" || character === "]") this.#depth--;
  }
}
