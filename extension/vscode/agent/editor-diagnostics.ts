import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { Diagnostics, NoProblems, Problem } from "../../agent/ports/diagnostics.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";

/** How long language servers get to look at what has changed last. */
const LOOK_MS_MAX = 2_000;
/** Without news for so long they are taken to have looked. */
const QUIET_MS = 500;

/** What the editor's Problems view knows. */
export class EditorDiagnostics implements Diagnostics, vscode.Disposable {
  readonly #workspace: EditorWorkspace;
  readonly #events: vscode.Disposable;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(workspace: EditorWorkspace) {
    this.#workspace = workspace;
    this.#events = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(() => (this.#changedAtMs = performance.now())),
      vscode.workspace.onDidOpenTextDocument(() => (this.#changedAtMs = performance.now())),
      vscode.languages.onDidChangeDiagnostics(() => (this.#toldAtMs = performance.now())),
    );
  }

  async problems(path: string, signal: AbortSignal): Promise<readonly Problem[] | NoProblems> {
    const place = path === "" ? null : await this.#workspace.locate(path);
    if (place !== null && place.kind !== "inside") {
      const outside = `${path} is outside of the workspace.`;
      const sentence = place.kind === "invalid" ? place.sentence : outside;
      return { kind: "refused", sentence };
    }
    if (place !== null) await haveLookedAt(this.#workspace.uriOf(place.path));
    await this.#haveLooked(signal);
    return vscode.languages
      .getDiagnostics()
      .filter(([uri]) => uri.scheme === "file")
      .flatMap(([uri, found]) => found.flatMap((each) => problemOf(uri, each)))
      .filter((problem) => place === null || isBelow(problem.path, place.relative))
      .toSorted(inOrder);
  }

  dispose(): void {
    this.#events.dispose();
  }

  async #haveLooked(signal: AbortSignal): Promise<void> {
    for (;;) {
      const nowMs = performance.now();
      const isOver = nowMs - this.#changedAtMs >= LOOK_MS_MAX;
      const isQuiet = this.#toldAtMs > this.#changedAtMs && nowMs - this.#toldAtMs >= QUIET_MS;
      if (isOver || isQuiet || signal.aborted) return;
      await delay(QUIET_MS / 5);
    }
  }
}

/** Most language servers look at open files only. What is no text has no problems. */
async function haveLookedAt(uri: vscode.Uri): Promise<void> {
  try {
    await vscode.workspace.openTextDocument(uri);
  } catch {
    // A folder, or nothing at all.
  }
}

function problemOf(uri: vscode.Uri, { range, severity, message }: vscode.Diagnostic): Problem[] {
  if (severity > vscode.DiagnosticSeverity.Warning) return [];
  const isError = severity === vscode.DiagnosticSeverity.Error;
  return [
    {
      path: vscode.workspace.asRelativePath(uri).replaceAll(sep, "/"),
      line: range.start.line + 1,
      severity: isError ? "error" : "warning",
      message: message.replaceAll(/\s+/gu, " "),
    },
  ];
}

function isBelow(path: string, place: string): boolean {
  return place === "" || path === place || path.startsWith(`${place}/`);
}

/** Errors first: what comes behind the limit of a result is not shown. */
function inOrder(a: Problem, b: Problem): number {
  if (a.severity !== b.severity) return a.severity === "error" ? -1 : 1;
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.line - b.line;
}
