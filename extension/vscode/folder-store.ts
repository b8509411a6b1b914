import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PlaceInList, StoredText, TextStore } from "../window/session-store.ts";

const TEMPORARY = ".tmp";

/** Texts as files in one folder, which is made with the first of them. */
export class FolderStore implements TextStore {
  readonly #folder: string;
  #writes = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<readonly StoredText[]> {
    const names = await this.#names();
    const dated = await Promise.all(
      names.map(async (name) => ({ name, writtenMs: await this.#writtenMs(name) })),
    );
    return dated.toSorted((a, b) => b.writtenMs - a.writtenMs);
  }

  async read(name: string): Promise<string | null> {
    try {
      return await readFile(this.#path(name), "utf8");
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  /** Written under another name first: a crash leaves the old text or the new one. */
  async write(name: string, text: string, place: PlaceInList = "first"): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = this.#path(`${name}.${process.pid}-${this.#writes++}${TEMPORARY}`);
    try {
      const file = await open(temporary, "w", 0o600);
      try {
        await file.writeFile(text);
        const writtenMs = place === "same" ? await this.#writtenMs(name) : 0;
        if (writtenMs > 0) await file.utimes(writtenMs / 1_000, writtenMs / 1_000);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, this.#path(name));
    } catch (error) {
      // What failed first is what has to be told.
      await rm(temporary, { force: true }).catch(() => undefined);
      throw error;
    }
  }

  async rename(from: string, to: string): Promise<void> {
    await rename(this.#path(from), this.#path(to));
  }

  async remove(name: string): Promise<void> {
    await rm(this.#path(name), { force: true });
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if (isNotFound(error)) return [];
      throw error;
    }
  }

  async #writtenMs(name: string): Promise<number> {
    try {
      return (await stat(this.#path(name))).mtimeMs;
    } catch (error) {
      // Another window may have removed it meanwhile.
      if (isNotFound(error)) return 0;
      throw error;
    }
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
