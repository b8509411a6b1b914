import { readFile, stat } from "node:fs/promises";
import { relative, sep } from "node:path";
import type { Subscription } from "../../client/connection.ts";
import type { FileState } from "../../context/living/living-file.ts";
import { readableText } from "../../context/living/readable-text.ts";
import { decodeTextFile } from "../../edits/text-file.ts";
import type { FileSource } from "../../window/file-source.ts";
import { languageOf } from "../dialect/language-of.ts";

/**
 * Files on disk by their absolute paths. Nothing watches them: whoever wants to know `check`s, which
 * looks at sizes and times and reads nothing.
 */
export class NodeFiles implements FileSource {
  readonly #root: string;
  readonly #watched = new Map<string, { readonly onChange: () => void; stamp: string }>();

  constructor(root: string) {
    this.#root = root;
  }

  async read(path: string): Promise<FileState> {
    const label = relative(this.#root, path).split(sep).join("/");
    return { uri: path, label, language: languageOf(label), content: await contentOf(path) };
  }

  watch(path: string, onChange: () => void): Subscription {
    const watch = { onChange, stamp: "" };
    this.#watched.set(path, watch);
    return {
      dispose: () => {
        if (this.#watched.get(path) === watch) this.#watched.delete(path);
      },
    };
  }

  async check(): Promise<void> {
    const watches = [...this.#watched].map(async ([path, watch]) => {
      const stamp = await stampOf(path);
      if (stamp !== watch.stamp) watch.onChange();
      watch.stamp = stamp;
    });
    await Promise.all(watches);
  }
}

async function contentOf(path: string): Promise<FileState["content"]> {
  try {
    const decoded = decodeTextFile(await readFile(path));
    if (decoded.kind === "text") return readableText(decoded.file.text);
    return { kind: "missing", reason: "it is not a text file" };
  } catch {
    return { kind: "missing", reason: "it was deleted or cannot be read" };
  }
}

async function stampOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return "none";
  }
}
