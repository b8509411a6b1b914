import * as vscode from "vscode";
import type { Task } from "../../agent/dialect/task-message.ts";
import { shortMessage } from "../../doors/problem-lines.ts";
import { Commands, TaskCommands } from "../names.ts";
import { type Attachment, openChat } from "../open-chat.ts";
import { linesAround } from "../task-actions.ts";

/** The tasks of the palette and the menus: each becomes a message to `@kvasir`. */
export function registerTaskCommands(): vscode.Disposable {
  const tasks = (Object.keys(TaskCommands) as Task[]).map((task) =>
    vscode.commands.registerCommand(
      TaskCommands[task],
      async (clicked?: unknown, selected?: unknown) => await ask(task, clicked, selected),
    ),
  );
  return vscode.Disposable.from(
    ...tasks,
    vscode.commands.registerCommand(Commands.askAboutProblem, askAboutProblem),
  );
}

async function ask(task: Task, clicked: unknown, selected: unknown): Promise<void> {
  const attached = attachments(clicked, selected);
  if (attached.length === 0) {
    void vscode.window.showInformationMessage(
      "Open a file first, or choose one in the explorer: there is nothing that this could be about.",
    );
    return;
  }
  // How to refactor is for the user to say.
  await openChat({ message: `/${task} `, attached, isUnfinished: task === "refactor" });
}

async function askAboutProblem(task: Task, uri: vscode.Uri, at: number, says: string) {
  const range = await linesAround(uri, at);
  const report = `line ${at + 1}: ${shortMessage(says)}`;
  const message =
    task === "fix" ? `/fix ${report}` : `/${task} why the editor reports in ${report}`;
  await openChat({ message, attached: [{ uri, range }] });
}

/** The explorer tells all that is selected in it; everywhere else the editor counts. */
function attachments(clicked: unknown, selected: unknown): readonly Attachment[] {
  if (Array.isArray(selected)) {
    const uris = selected.filter((each): each is vscode.Uri => each instanceof vscode.Uri);
    if (uris.length > 0) return uris;
  }
  const editor = vscode.window.activeTextEditor;
  if (clicked instanceof vscode.Uri && clicked.toString() !== editor?.document.uri.toString()) {
    return [clicked];
  }
  if (editor === undefined) return [];
  const { document, selection } = editor;
  const { uri } = document;
  return selection.isEmpty
    ? [uri]
    : [{ uri, range: new vscode.Range(selection.start, selection.end) }];
}
