import * as vscode from "vscode";
import type { Task } from "../agent/dialect/task-message.ts";
import { taskMessage } from "../agent/dialect/task-message.ts";
import { titleOf } from "../context/living/file-view.ts";
import { listed } from "../context/listed.ts";
import { slashLine, type Spoken } from "../doors/slash-line.ts";
import type { FileSource } from "../window/file-source.ts";
import { titleFrom } from "../window/session-title.ts";
import { problemsAt } from "./problems.ts";
import { readReferences, type ReadReferences } from "./references.ts";

type Reference = vscode.ChatPromptReference;

const TASKS: ReadonlySet<string> = new Set<Task>(["fix", "explain", "tests", "refactor", "doc"]);

/** How the ids of what the chat view attaches by itself begin: the selection, the open file. */
const ADDED_BY_THE_EDITOR = "vscode.implicit";

/** What a user asks, as the model will read it. */
export type Asked = ReadReferences & {
  readonly message: string;
  /** What a session that begins with it is called. */
  readonly title: string;
};

/**
 * Reads a message with all that is attached to it. A slash command that names a task becomes that
 * task.
 *
 * @param subject what a task is about if nothing is attached
 */
export async function readAsked(
  spoken: Spoken & { readonly references: readonly Reference[] },
  source: FileSource,
  subject: readonly Reference[],
): Promise<Asked> {
  const { command, prompt, references } = spoken;
  if (!isTask(command)) {
    const read = await readReferences(references, source);
    return { ...read, message: prompt, title: titleFrom(prompt) };
  }
  const read = await readReferences(aboutOnePlace(references, subject), source);
  const places = read.files.map(({ view }) => titleOf(view));
  const message = taskMessage(command, { places, problems: problemsAt(read.files) }, prompt);
  const title = titleFrom(slashLine({ command, prompt: prompt === "" ? listed(places) : prompt }));
  return { ...read, message, title };
}

/** What is selected in the editor, or the file in it. */
export function editorSubject(): readonly Reference[] {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return [];
  const { document, selection } = editor;
  const value = selection.isEmpty ? document.uri : new vscode.Location(document.uri, selection);
  return [{ id: document.uri.toString(), value }];
}

function isTask(command: string | undefined): command is Task {
  return command !== undefined && TASKS.has(command);
}

/** Who points at something means that, and not what the chat view adds by itself. */
function aboutOnePlace(
  references: readonly Reference[],
  subject: readonly Reference[],
): readonly Reference[] {
  if (!references.some(isPlace)) return [...references, ...subject];
  const pointedAt = references.filter(({ id }) => !id.startsWith(ADDED_BY_THE_EDITOR));
  return pointedAt.some(isPlace) ? pointedAt : references;
}

function isPlace({ value }: Reference): boolean {
  return value instanceof vscode.Uri || value instanceof vscode.Location;
}
