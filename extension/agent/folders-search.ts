import { globMatcher } from "./glob-matcher.ts";
import type { FoundFiles, FoundText, Search, SearchRefused } from "./ports/search.ts";

type Folder = { readonly name: string; readonly search: Search };

/** Searches the folders of a workspace one after the other. What is found begins with their names. */
export class FoldersSearch implements Search {
  readonly #folders: readonly Folder[];

  constructor(folders: readonly Folder[]) {
    this.#folders = folders;
  }

  async files(
    glob: string,
    { max, signal }: { readonly max: number; readonly signal: AbortSignal },
  ): Promise<FoundFiles | SearchRefused> {
    const wanted = globMatcher(glob);
    if (wanted.kind === "refused") return wanted;
    const paths: string[] = [];
    for (const { name, search } of this.#folders) {
      const found = await search.files("", { max: Number.POSITIVE_INFINITY, signal });
      if ("kind" in found) return found;
      paths.push(...found.paths.map((path) => `${name}/${path}`).filter(wanted.matches));
    }
    return { paths: paths.slice(0, max), total: paths.length };
  }

  async text(
    pattern: string,
    options: { readonly glob: string; readonly max: number; readonly signal: AbortSignal },
  ): Promise<FoundText | SearchRefused> {
    const { glob, max, signal } = options;
    const wanted = globMatcher(glob);
    if (wanted.kind === "refused") return wanted;
    const hits: FoundText["hits"][number][] = [];
    let more = false;
    for (const { name, search } of this.#folders) {
      // The glob is about whole paths, so none of a folder's hits may be left out before it is asked.
      const found = await search.text(pattern, { glob: "", max: Number.POSITIVE_INFINITY, signal });
      if ("kind" in found) return found;
      for (const hit of found.hits) {
        const path = `${name}/${hit.path}`;
        if (wanted.matches(path)) hits.push({ ...hit, path });
      }
      more ||= found.more;
    }
    return { hits: hits.slice(0, max), more: more || hits.length > max };
  }
}
