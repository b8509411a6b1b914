import * as vscode from "vscode";
import type { GuidanceText } from "../../context/window/open-window.ts";
import type { VolatileText } from "../../context/window/refresh-volatile.ts";
import type { ShownFile } from "../../context/window/show-files.ts";
import type { WindowState } from "../../context/window/window-state.ts";
import { volatileTexts } from "../../doors/volatile-texts.ts";
import { charactersFor, fittingLines } from "../../providers/context-tokens.ts";
import type { TalkedSession } from "../../providers/earlier-sessions/session-summary.ts";
import { WorkspaceContext } from "../../providers/workspace-context.ts";
import { today } from "../../window/today.ts";
import { editorSearch } from "../agent/editor-ripgrep.ts";
import { EditorWorkspace } from "../agent/editor-workspace.ts";
import { readProblems } from "../problems.ts";
import { readContextTokens } from "./context-settings.ts";
import { readEditorGit } from "./editor-git.ts";
import { findSymbols } from "./editor-symbols.ts";
import type { KeptContext } from "./kept-context.ts";

export type EditorContextOptions = {
  readonly kept: KeptContext | null;
  /** Told, in one sentence, of everything that is missing. */
  readonly onMissing: (sentence: string) => void;
};

/**
 * What a chat is told of its surroundings without asking. In a workspace that is not trusted, those are the date and
 * the problems of files that the user has attached.
 */
export class EditorContext {
  readonly #options: EditorContextOptions;
  #opened: { readonly folders: string; readonly context: WorkspaceContext } | null = null;

  constructor(options: EditorContextOptions) {
    this.#options = options;
  }

  /** For the opening of a session, behind its rules. */
  async stableTexts(): Promise<readonly GuidanceText[]> {
    return (await (await this.#workspace())?.stableTexts()) ?? [];
  }

  /** For the beginning of a turn. */
  async volatileTexts(turn: {
    readonly message: string;
    readonly window: WindowState;
    readonly attached: readonly ShownFile[];
  }): Promise<readonly VolatileText[]> {
    const { message, window, attached } = turn;
    const attachedPaths = attached.map(({ view }) => view.label);
    const workspace = await this.#workspace();
    const others = (await workspace?.volatileTexts({ message, window, attachedPaths })) ?? [];
    return [...ownTexts(window), ...others];
  }

  /** Keeps what a turn taught, if it did, and how its chat stands. */
  async turnEnded(
    session: TalkedSession,
    { teaches }: { readonly teaches: boolean },
  ): Promise<void> {
    const { kept, onMissing } = this.#options;
    const workspace = await this.#workspace();
    if (workspace === null) return;
    if (teaches) await workspace.learn(session.window);
    try {
      await kept?.earlier.sessions.note(session, await kept.earlier.keptIds());
    } catch (error) {
      onMissing(`The chat was not noted among earlier sessions: ${String(error)}`);
    }
  }

  /** The same one as long as the same folders are open: it remembers what it has found. */
  async #workspace(): Promise<WorkspaceContext | null> {
    if (!vscode.workspace.isTrusted) return null;
    const workspace = await EditorWorkspace.open();
    if (workspace === null) return null;
    const folders = JSON.stringify(workspace.folders);
    if (this.#opened?.folders !== folders) {
      this.#opened = { folders, context: await this.#open(workspace) };
    }
    return this.#opened.context;
  }

  async #open(workspace: EditorWorkspace): Promise<WorkspaceContext> {
    const { kept, onMissing } = this.#options;
    const folder = vscode.Uri.file(workspace.root);
    return new WorkspaceContext({
      workspace,
      search: await editorSearch(workspace.folders),
      folderNames: workspace.folders.length > 1 ? workspace.folders.map(({ name }) => name) : [],
      tokens: readContextTokens,
      readGit: async () => readEditorGit(folder),
      activePath,
      findSymbols,
      ...(kept === null ? {} : { lessons: kept.lessons, earlier: kept.earlier }),
      later: (delayMs, call) => {
        const timer = setTimeout(call, delayMs);
        return () => clearTimeout(timer);
      },
      onMissing,
    });
  }
}

/** What the editor knows itself. */
function ownTexts(window: WindowState): VolatileText[] {
  const charactersMax = charactersFor(readContextTokens().problems);
  const problems = charactersMax === 0 ? [] : readProblems(window);
  return volatileTexts(window.startedOn, { today: today(), problems })
    .map(({ name, text }) => ({
      name,
      text: name === "Date" ? text : fittingLines(text.split("\n"), charactersMax).join("\n"),
    }))
    .filter(({ text }) => text !== "");
}

/** The file in the editor that was used last; a chat that has the focus changes nothing about it. */
function activePath(): string | null {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined || vscode.workspace.getWorkspaceFolder(uri) === undefined) return null;
  return vscode.workspace.asRelativePath(uri);
}
