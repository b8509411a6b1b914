import { isSecret } from "../../agent/approvals/dangerous-places.ts";
import type { Search } from "../../agent/ports/search.ts";
import { importsIn } from "./import-syntax.ts";
import type { ReadFile } from "./import-graph.ts";

const HITS_MAX = 400;
/** Files that are read to see whether they name this one or another of its name. */
const FILES_MAX = 32;
const STEM_CHARACTERS_MIN = 2;

/** Names of files that stand for their folder. */
const FOLDER_FILES: ReadonlySet<string> = new Set(["index", "__init__", "mod", "main"]);

/** The files that import a file, in the order of their paths. */
export async function importersOf(
  path: string,
  options: {
    readonly read: ReadFile;
    readonly search: Pick<Search, "text">;
    readonly signal: AbortSignal;
  },
): Promise<string[]> {
  const { read, search, signal } = options;
  const stem = stemOf(path);
  if (!/^[\w-]+$/u.test(stem) || stem.length < STEM_CHARACTERS_MIN) return [];
  const pattern = `(import|require|from|include|use|forward|mod|source|export|part).*\\b${stem}\\b`;
  const found = await search.text(pattern, { glob: "", max: HITS_MAX, signal });
  if ("kind" in found) throw new Error(found.sentence);
  const files = [...new Set(found.hits.map((hit) => hit.path))]
    .filter((file) => file !== path && !isSecret(file))
    .slice(0, FILES_MAX);
  const importing = await Promise.all(
    files.map(async (file) => {
      const text = await read(file);
      const named = text !== null && importsIn(file, text).some((places) => places.includes(path));
      return named ? [file] : [];
    }),
  );
  return importing.flat().toSorted();
}

function stemOf(path: string): string {
  const names = path.split("/");
  const stem =
    names
      .at(-1)
      ?.replace(/(\.d)?\.\w+$/u, "")
      .replace(/^_/u, "") ?? "";
  return FOLDER_FILES.has(stem) ? (names.at(-2) ?? stem) : stem;
}
