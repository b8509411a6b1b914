import { fittingLines } from "../context-tokens.ts";
import { oneLine } from "../one-line.ts";
import { importsIn } from "./import-syntax.ts";

/** What a file says, or `null` where there is none. */
export type ReadFile = (path: string) => Promise<string | null>;

export type ImportedFile = { readonly path: string; readonly imports: readonly string[] };

/** A file among those that it has to do with. */
export type Surrounding = {
  readonly path: string;
  /** As `importGraph` gives them. */
  readonly imports: readonly ImportedFile[];
  readonly importers: readonly string[];
};

/** Files whose own imports are looked at as well: those that the file names first. */
const SECOND_HOP_FILES_MAX = 6;
/** Looks at files and at places where there might be one, in all. */
const READS_MAX = 160;
const NAMES_SHOWN_MAX = 12;
const PATH_CHARACTERS_MAX = 160;

/**
 * The file and what it imports, then what that imports. Only files of the workspace are named; those
 * that import nothing are left out.
 */
export async function importGraph(
  path: string,
  { read, signal }: { readonly read: ReadFile; readonly signal: AbortSignal },
): Promise<ImportedFile[]> {
  const known = new Map<string, Promise<string | null>>();
  const readOnce: ReadFile = async (place) => {
    if (signal.aborted || (known.size >= READS_MAX && !known.has(place))) return null;
    const reading = known.get(place) ?? read(place);
    known.set(place, reading);
    return await reading;
  };
  const start = await importedBy(path, readOnce);
  const next = await Promise.all(
    start.imports.slice(0, SECOND_HOP_FILES_MAX).map((place) => importedBy(place, readOnce)),
  );
  return [start, ...next].filter(({ imports }) => imports.length > 0);
}

/** One line a file, names only: what is in them can be asked for. */
export function importsText(
  { path, imports, importers }: Surrounding,
  charactersMax: number,
): string {
  const lines = imports.map((file) => `${name(file.path)} imports ${listed(file.imports)}`);
  // Right behind the file's own imports, which may be none.
  const at = imports[0]?.path === path ? 1 : 0;
  const by = importers.length === 0 ? [] : [`${name(path)} is imported by ${listed(importers)}`];
  return fittingLines(lines.toSpliced(at, 0, ...by), charactersMax).join("\n");
}

function listed(paths: readonly string[]): string {
  const more = paths.length - NAMES_SHOWN_MAX;
  const shown = paths.slice(0, NAMES_SHOWN_MAX).map(name).join(", ");
  return more > 0 ? `${shown} and ${more} more` : shown;
}

async function importedBy(path: string, read: ReadFile): Promise<ImportedFile> {
  const text = await read(path);
  if (text === null) return { path, imports: [] };
  const found = await Promise.all(
    importsIn(path, text).map(async (candidates) => {
      for (const candidate of candidates) {
        if (candidate !== path && (await read(candidate)) !== null) return [candidate];
      }
      return [];
    }),
  );
  return { path, imports: [...new Set(found.flat())] };
}

function name(path: string): string {
  return oneLine(path, PATH_CHARACTERS_MAX);
}
