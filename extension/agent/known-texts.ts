import type { LivingFile } from "../context/living/living-file.ts";

/**
 * What the model takes files to read like in a turn. What a tool shows counts from the next answer
 * on: the other calls of its own answer were made without it.
 */
export class KnownTexts {
  readonly #texts = new Map<string, string>();
  /** What tools have shown since the last answer. */
  readonly #shown = new Map<string, string>();

  forget(): void {
    this.#texts.clear();
    this.#shown.clear();
  }

  get(uri: string): string | undefined {
    return this.#texts.get(uri);
  }

  noteMade(uri: string, text: string): void {
    this.#texts.set(uri, text);
  }

  noteShown(uri: string, text: string): void {
    this.#shown.set(uri, text);
  }

  /** The next answer begins. What is still pending in these files, the model has made itself. */
  beginAnswer(files: readonly LivingFile[]): void {
    for (const [uri, text] of this.#shown) this.#texts.set(uri, text);
    this.#shown.clear();
    for (const { uri, shown, pending } of files) {
      const { content } = pending ?? shown;
      if (content.kind === "text") this.#texts.set(uri, content.text);
      else this.#texts.delete(uri);
    }
  }
}
