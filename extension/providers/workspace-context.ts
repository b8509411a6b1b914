import type { Search } from "../agent/ports/search.ts";
import type { Workspace } from "../agent/ports/workspace.ts";
import type { GuidanceText } from "../context/window/open-window.ts";
import type { VolatileText } from "../context/window/refresh-volatile.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { Later } from "../window/idle.ts";
import { charactersFor, type ContextTokens } from "./context-tokens.ts";
import { readCodeStyle } from "./code-style/code-style.ts";
import type { EarlierSessions } from "./earlier-sessions/earlier-sessions.ts";
import { gatherTexts, type Provider } from "./gather-texts.ts";
import type { GitState } from "./git-status/git-state.ts";
import { gitText } from "./git-status/git-text.ts";
import { importersOf } from "./imports/importers.ts";
import { importGraph, importsText } from "./imports/import-graph.ts";
import { latestTurn } from "./latest-turn.ts";
import type { Lessons } from "./lessons/lessons.ts";
import { readText } from "./read-text.ts";
import { queryNames } from "./retrieval/query-names.ts";
import { type FindSymbols, Retrieval } from "./retrieval/retrieval.ts";

/** What a session waits for its stable texts, which are read once. */
const STABLE_WAIT_MS_MAX = 2_000;
/** What a turn waits for each of the others. In a workspace of 5,000 files they are done long before. */
const SEARCH_WAIT_MS_MAX = 300;
const IMPORTS_WAIT_MS_MAX = 300;
const GIT_WAIT_MS_MAX = 300;
const SESSIONS_WAIT_MS_MAX = 100;

export type WorkspaceContextOptions = {
  readonly workspace: Workspace;
  readonly search: Search;
  /** What paths begin with in a window of several folders; none in others. */
  readonly folderNames?: readonly string[];
  readonly tokens: () => ContextTokens;
  readonly readGit: (signal: AbortSignal) => Promise<GitState | null>;
  /** The file that the user is looking at, relative to the workspace. */
  readonly activePath?: () => string | null;
  readonly findSymbols?: FindSymbols;
  readonly lessons?: Lessons;
  readonly earlier?: {
    readonly sessions: EarlierSessions;
    /** Ids of all chats that are kept. */
    readonly keptIds: () => Promise<ReadonlySet<string>>;
  };
  readonly later: Later;
  /** How many times as long as usual a turn may wait, where nobody sits in front of it. */
  readonly patience?: number;
  readonly onMissing: (sentence: string) => void;
};

/** What a turn is about, as far as its surroundings go. */
export type TurnSurroundings = {
  readonly message: string;
  readonly window: WindowState;
  /** Files that come with the message, relative to the workspace. */
  readonly attachedPaths: readonly string[];
};

/**
 * What the model is told of a workspace without asking: texts that hold for a session, which stand in the cached
 * front of every prompt, and texts about now, which stand behind everything.
 */
export class WorkspaceContext {
  readonly #options: WorkspaceContextOptions;
  readonly #retrieval: Retrieval;

  constructor(options: WorkspaceContextOptions) {
    this.#options = options;
    this.#retrieval = new Retrieval(options);
  }

  get #patience(): number {
    return this.#options.patience ?? 1;
  }

  /** For the opening of a session, behind its rules. */
  async stableTexts(): Promise<GuidanceText[]> {
    const { later, onMissing, lessons } = this.#options;
    const tokens = this.#options.tokens();
    const codeStyle = charactersFor(tokens.codeStyle);
    const lessonsMax = charactersFor(tokens.lessons);
    const waitMsMax = STABLE_WAIT_MS_MAX * this.#patience;
    const providers: Provider[] = [
      {
        name: "Code style",
        waitMsMax,
        make: async (signal) =>
          await ifWanted(codeStyle, () =>
            readCodeStyle(this.#options, { charactersMax: codeStyle, signal }),
          ),
      },
      {
        name: "Lessons",
        waitMsMax,
        make: async () =>
          await ifWanted(lessonsMax, async () => (await lessons?.text(lessonsMax)) ?? ""),
      },
    ];
    const texts = await gatherTexts(providers, { standing: [], later, onMissing });
    return texts.map(({ name, text }) => ({ label: name, text }));
  }

  /** For the beginning of a turn. */
  async volatileTexts(turn: TurnSurroundings): Promise<VolatileText[]> {
    const { later, onMissing } = this.#options;
    const standing = turn.window.volatileParts;
    return await gatherTexts(this.#volatileProviders(turn), { standing, later, onMissing });
  }

  /** Keeps what a finished turn taught. Where lessons are switched off, none are learnt. */
  async learn({ context }: WindowState): Promise<void> {
    const { tokens, lessons, onMissing } = this.#options;
    if (charactersFor(tokens().lessons) === 0) return;
    try {
      await lessons?.learn(latestTurn(context.segments));
    } catch (error) {
      // What was done stands; only what it taught is lost.
      onMissing(`The lessons of this turn were not kept: ${String(error)}`);
    }
  }

  #volatileProviders(turn: TurnSurroundings): Provider[] {
    const { message, window, attachedPaths } = turn;
    const tokens = this.#options.tokens();
    const standingOf = (name: string): string =>
      window.volatileParts.find((part) => part.name === name)?.text ?? "";
    const shown = new Set([...window.files.map((file) => file.shown.label), ...attachedPaths]);
    const provider = (
      name: string,
      [waitMsMax, tokensMax]: readonly [number, number],
      make: (charactersMax: number, signal: AbortSignal) => Promise<string>,
    ): Provider => {
      const charactersMax = charactersFor(tokensMax);
      return {
        name,
        waitMsMax: waitMsMax * this.#patience,
        make: async (signal) => await ifWanted(charactersMax, () => make(charactersMax, signal)),
      };
    };
    return [
      provider("Git status", [GIT_WAIT_MS_MAX, tokens.gitStatus], async (charactersMax, signal) => {
        const state = await this.#options.readGit(signal);
        return state === null ? "" : gitText(state, charactersMax);
      }),
      provider(
        "Earlier sessions",
        [SESSIONS_WAIT_MS_MAX, tokens.earlierSessions],
        async (charactersMax) => {
          const files = [...shown, ...queryNames(message).paths];
          return await this.#earlier(window.context.id, files, charactersMax);
        },
      ),
      provider("Imports", [IMPORTS_WAIT_MS_MAX, tokens.imports], (charactersMax, signal) =>
        this.#imports(message, standingOf("Imports"), charactersMax, signal),
      ),
      provider("Search results", [SEARCH_WAIT_MS_MAX, tokens.search], (charactersMax, signal) => {
        const standing = standingOf("Search results");
        return this.#retrieval.text(
          { message, shownPaths: shown, standing, charactersMax },
          signal,
        );
      }),
    ];
  }

  async #earlier(id: string, files: readonly string[], charactersMax: number): Promise<string> {
    const { earlier } = this.#options;
    if (earlier === undefined) return "";
    const keptIds = await earlier.keptIds();
    return await earlier.sessions.text({ files, id, keptIds, charactersMax });
  }

  /** Around a file that the message names, else around the one the user is looking at. */
  async #imports(
    message: string,
    standing: string,
    charactersMax: number,
    signal: AbortSignal,
  ): Promise<string> {
    const { workspace, search, activePath } = this.#options;
    const read = async (path: string): Promise<string | null> => await readText(workspace, path);
    const active = activePath?.() ?? null;
    const starts = [...queryNames(message).paths, ...(active === null ? [] : [active])];
    for (const start of starts) {
      if ((await read(start)) === null) continue;
      const [imports, importers] = await Promise.all([
        importGraph(start, { read, signal }),
        importersOf(start, { read, search, signal }),
      ]);
      const text = importsText({ path: start, imports, importers }, charactersMax);
      if (text !== "") return text;
    }
    // Nothing new is asked about: what was said stays, because taking it back would cost tokens.
    return active === null ? standing : "";
  }
}

async function ifWanted(charactersMax: number, make: () => Promise<string>): Promise<string> {
  return charactersMax === 0 ? "" : await make();
}
