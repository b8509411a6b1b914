import { isSecret } from "../../agent/approvals/dangerous-places.ts";
import type { Search, TextHit } from "../../agent/ports/search.ts";
import type { Workspace } from "../../agent/ports/workspace.ts";
import { readText } from "../read-text.ts";
import { type Excerpt, excerptsOf, excerptText, stillReads } from "./excerpt.ts";
import { queryNames } from "./query-names.ts";
import { rankHits } from "./rank-hits.ts";

const HITS_MAX = 2_000;
const FILES_MAX = 4;
/** Texts whose excerpts are remembered, to see whether they still hold. */
const MADE_MAX = 32;

/** What a language server knows of a name; the same as a line in which the name is defined. */
export type FindSymbols = (name: string, signal: AbortSignal) => Promise<readonly TextHit[]>;

export type RetrievalPorts = {
  readonly workspace: Workspace;
  readonly search: Pick<Search, "text">;
  readonly findSymbols?: FindSymbols;
};

export type RetrievalQuery = {
  readonly message: string;
  /** Files that the window shows already. */
  readonly shownPaths: ReadonlySet<string>;
  /** What the window says of an earlier message; empty if it says nothing. */
  readonly standing: string;
  readonly charactersMax: number;
};

/** Looks up what a message names and shows the places that fit best. */
export class Retrieval {
  readonly #ports: RetrievalPorts;
  readonly #made = new Map<string, readonly Excerpt[]>();

  constructor(ports: RetrievalPorts) {
    this.#ports = ports;
  }

  /**
   * The best places for a message. A message that names nothing leaves standing what was found for an
   * earlier one, as long as the files still read like that: taking it back would cost tokens too.
   */
  async text(query: RetrievalQuery, signal: AbortSignal): Promise<string> {
    const found = await this.#find(query, signal);
    if (found.length === 0) return (await this.#holds(query.standing)) ? query.standing : "";
    const text = found.map(excerptText).join("\n");
    this.#made.delete(text);
    this.#made.set(text, found);
    const oldest = this.#made.keys().next();
    if (this.#made.size > MADE_MAX && !oldest.done) this.#made.delete(oldest.value);
    return text;
  }

  async #find(
    { message, shownPaths, charactersMax }: RetrievalQuery,
    signal: AbortSignal,
  ): Promise<Excerpt[]> {
    const named = queryNames(message);
    if (named.names.length === 0) return [];
    const hits = await this.#hits(named.names, signal);
    const files = rankHits(hits, named)
      .filter(({ path }) => !shownPaths.has(path) && !isSecret(path))
      .slice(0, FILES_MAX);
    const texts = await Promise.all(
      files.map(async ({ path, lines }) => {
        const text = await readText(this.#ports.workspace, path);
        return text === null ? [] : excerptsOf(path, text, lines);
      }),
    );
    return fitting(texts.flat(), charactersMax);
  }

  async #hits(names: readonly string[], signal: AbortSignal): Promise<TextHit[]> {
    const { search, findSymbols } = this.#ports;
    const pattern = names.map(wordPattern).join("|");
    const [found, ...symbols] = await Promise.all([
      search.text(pattern, { glob: "", max: HITS_MAX, signal }),
      ...names.map(async (name) => (await findSymbols?.(name, signal)) ?? []),
    ]);
    if ("kind" in found) throw new Error(found.sentence);
    const seen = new Set(found.hits.map(placeOf));
    return [...found.hits, ...symbols.flat().filter((symbol) => !seen.has(placeOf(symbol)))];
  }

  async #holds(standing: string): Promise<boolean> {
    const excerpts = this.#made.get(standing);
    if (excerpts === undefined) return false;
    const holds = await Promise.all(
      excerpts.map(async (excerpt) => {
        const text = await readText(this.#ports.workspace, excerpt.path);
        return text !== null && stillReads(excerpt, text);
      }),
    );
    return holds.every(Boolean);
  }
}

/** There is no edge of a word beside a `$`, so a name has edges only where it has letters at its ends. */
function wordPattern(name: string): string {
  const start = name.startsWith("$") ? "" : "\\b";
  const end = name.endsWith("$") ? "" : "\\b";
  return start + name.replaceAll("$", "\\$") + end;
}

/** The best ones, in their order; a long one may leave room for a short one behind it. */
function fitting(excerpts: readonly Excerpt[], charactersMax: number): Excerpt[] {
  let room = charactersMax;
  return excerpts.filter((excerpt) => {
    const characters = excerptText(excerpt).length + 1;
    if (characters > room) return false;
    room -= characters;
    return true;
  });
}

function placeOf({ path, line }: TextHit): string {
  return `${line} ${path}`;
}
