import type { Subscription } from "../client/connection.ts";
import type { FileState } from "../context/living/living-file.ts";
import type { FileSource } from "./file-source.ts";

export type FileChange = { readonly uri: string; readonly state: FileState };

/**
 * Watches the files of one window. A change only marks its file; the file is read once when someone
 * wants to know, so thousands of rapid edits cost no more than one.
 */
export class FollowedFiles {
  readonly #source: FileSource;
  readonly #onChange: () => void;
  readonly #watched = new Map<string, Subscription>();
  readonly #changed = new Set<string>();

  constructor(source: FileSource, onChange: () => void) {
    this.#source = source;
    this.#onChange = onChange;
  }

  /** From now on exactly these are watched. A new one may have changed since it was read. */
  follow(uris: ReadonlySet<string>): void {
    for (const [uri, watch] of this.#watched) {
      if (uris.has(uri)) continue;
      watch.dispose();
      this.#watched.delete(uri);
      this.#changed.delete(uri);
    }
    for (const uri of uris) {
      if (this.#watched.has(uri)) continue;
      const watch = this.#source.watch(uri, () => {
        this.#changed.add(uri);
        this.#onChange();
      });
      this.#watched.set(uri, watch);
      this.#changed.add(uri);
    }
  }

  /** Has every file looked at again, for a window that went back to an earlier state. */
  suspectAll(): void {
    for (const uri of this.#watched.keys()) this.#changed.add(uri);
  }

  /** What became of the files that have changed since this was last asked. */
  async takeChanges(): Promise<FileChange[]> {
    const uris = [...this.#changed];
    // A change that comes while a file is read marks it again.
    this.#changed.clear();
    return await Promise.all(
      uris.map(async (uri) => ({ uri, state: await this.#source.read(uri) })),
    );
  }

  dispose(): void {
    this.follow(new Set());
  }
}
