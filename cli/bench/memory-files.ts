import { readableText } from "../../extension/context/living/readable-text.ts";
import type { FileState } from "../../extension/context/living/living-file.ts";
import type { FileSource } from "../../extension/window/file-source.ts";
import type { Subscription } from "../../extension/client/connection.ts";

/** Files that exist in memory only, for windows without an editor. */
export class MemoryFiles implements FileSource {
  readonly #texts = new Map<string, string>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #renamed = new Map<string, string>();

  write(uri: string, text: string): void {
    this.#texts.set(uri, text);
    this.#tell(uri);
  }

  remove(uri: string): void {
    this.#texts.delete(uri);
    this.#tell(uri);
  }

  rename(from: string, to: string): void {
    this.#texts.set(to, this.#texts.get(from) ?? "");
    this.#texts.delete(from);
    this.#renamed.set(from, to);
    this.#tell(from);
  }

  async read(name: string): Promise<FileState> {
    const uri = this.#renamed.get(name) ?? name;
    const text = this.#texts.get(uri);
    const content =
      text === undefined
        ? ({ kind: "missing", reason: "it was deleted" } as const)
        : readableText(text);
    return { uri, label: uri, language: "", content };
  }

  watch(uri: string, onChange: () => void): Subscription {
    const listeners = this.#listeners.get(uri) ?? new Set();
    this.#listeners.set(uri, listeners.add(onChange));
    return { dispose: () => listeners.delete(onChange) };
  }

  #tell(uri: string): void {
    for (const listener of this.#listeners.get(uri) ?? []) listener();
  }
}
