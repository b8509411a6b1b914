import { sep } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { Diagnostics, NoProblems, Problem } from "../../agent/ports/diagnostics.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";
import { haveLooked } from "./looking.ts";

const LOOK_AGAIN_MS = 100;

/** What the editor's Problems view knows. */
export class EditorDiagnostics implements Diagnostics, vscode.Disposable {
  readonly #workspace: EditorWorkspace;
  readonly #events: vscode.Disposable;
  #changedAtMs = Number.NEGATIVE_INFINITY;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(workspace: EditorWorkspace) {
    this.#workspace = workspace;
    this.#events = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#changed(document)),
      vscode.workspace.onDidOpenTextDocument((document) => this.#changed(document)),
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
    if (place !== null) await open(this.#workspace.uriOf(place.path));
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

  /** Output channels and the like are documents too, and change all the time. */
  #changed({ uri }: vscode.TextDocument): void {
    if (uri.scheme === "file") this.#changedAtMs = performance.now();
  }

  async #haveLooked(signal: AbortSignal): Promise<void> {
    const askedAtMs = performance.now();
    for (;;) {
      const [changedAtMs, toldAtMs] = [this.#changedAtMs, this.#toldAtMs];
      if (haveLooked({ askedAtMs, changedAtMs, toldAtMs }, performance.now())) return;
      if (signal.aborted) return;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

/** Most language servers look at open files only. What is no text has no problems. */
async function open(uri: vscode.Uri): Promise<void> {
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
