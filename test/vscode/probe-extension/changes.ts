import * as vscode from "vscode";
import { Changes } from "../../../extension/vscode/changes/changes.ts";
import { readCurrentFile } from "../../../extension/vscode/changes/current-file.ts";
import type { ChangingTurn } from "../../../extension/vscode/changes/changing-turn.ts";

let changes: Changes | undefined;
let storage: vscode.Uri | undefined;
const turns = new Map<string, ChangingTurn>();

/** Where the editor keeps what this extension stores is beside what Kvasir stores. */
export function rememberStorage({ storageUri }: vscode.ExtensionContext): void {
  storage = storageUri;
}

export type FileChange = {
  readonly turn: string;
  readonly path: string;
  /** Replaced in the bytes of the file, one for one; a file that is not there is made. */
  readonly search?: string;
  /** `null` deletes the file. */
  readonly replace: string | null;
  /** What the user types between the reading of the file and its change: a line, and its new text. */
  readonly meanwhile?: { readonly line: number; readonly text: string };
};

export type Pair = {
  readonly title: string;
  readonly original: string;
  readonly modified: string;
};

export type SavingChange = { readonly how: "type" | "takePart"; readonly text: string };

/** The part of the extension that changes files, driven by a test as the agent's tools would. */
export const changesOperations = {
  async openFile(path: string): Promise<void> {
    await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: false });
  },

  /** A view of several files, as other extensions show them; here of one. */
  async showPair({ title, original, modified }: Pair): Promise<void> {
    const uri = vscode.Uri.file(modified);
    const resources = [[uri, vscode.Uri.file(original), uri]];
    await vscode.commands.executeCommand("vscode.changes", title, resources);
  },

  /** Opens the changes in a folder: Kvasir's own, which it reads when a window begins, by default. */
  async openChanges(given?: string): Promise<void> {
    const own = storage && vscode.Uri.joinPath(storage, "..", "kvasir.kvasir", "checkpoints");
    const folder = given ?? own?.fsPath;
    if (folder === undefined) throw new Error("No folder is open.");
    ({ changes } = await Changes.open(folder));
    turns.clear();
  },

  async changeFile({ turn, path, search, replace, meanwhile }: FileChange): Promise<string> {
    const read = await readCurrentFile(path);
    if (read.kind === "refused") return read.sentence;
    const before = read.file.bytes;
    const text = before === null ? "" : Buffer.from(before).toString("latin1");
    if (search !== undefined && !text.includes(search))
      throw new Error(`No “${search}” in ${text}`);
    const changed = search === undefined ? replace : text.replace(search, replace ?? "");
    const after = changed === null ? null : Buffer.from(changed, "latin1");
    if (meanwhile !== undefined) {
      const document = await vscode.workspace.openTextDocument(path);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, document.lineAt(meanwhile.line).range, meanwhile.text);
      await vscode.workspace.applyEdit(edit);
    }
    const end = await turnOf(turn).edits.apply([{ path, before, after }]);
    return end.kind === "applied" ? end.kind : end.sentence;
  },

  /** At the beginning of the next document that is saved: as by keys, or as an extension formats it. */
  async changeWhileSaving({ how, text }: SavingChange): Promise<void> {
    const listener = vscode.workspace.onWillSaveTextDocument((event) => {
      listener.dispose();
      const formatted = [vscode.TextEdit.insert(new vscode.Position(0, 0), text)];
      event.waitUntil(how === "type" ? typeAtStart(text) : Promise.resolve(formatted));
    });
  },

  async saveForCommand(turn: string): Promise<readonly string[]> {
    return await turnOf(turn).saveForCommand();
  },

  async endTurn(turn: string): Promise<unknown> {
    return turnOf(turn).end();
  },

  async takeBack({ turn, how }: { turn: string; how: "undo" | "restore" }): Promise<unknown> {
    return await open().history[how](turn);
  },

  async document(path: string): Promise<{ text: string; isDirty: boolean } | null> {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === path);
    if (document === undefined) return null;
    return { text: document.getText(), isDirty: document.isDirty };
  },

  async lenses(path: string): Promise<string[]> {
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      "vscode.executeCodeLensProvider",
      vscode.Uri.file(path),
      100,
    );
    return lenses.flatMap(({ command, range }) =>
      command?.command.startsWith("kvasir.") ? [`${range.start.line}: ${command.title}`] : [],
    );
  },
};

/** Keys go to the editor that has the focus. */
async function typeAtStart(text: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.focusActiveEditorGroup");
  await vscode.commands.executeCommand("cursorTop");
  await vscode.commands.executeCommand("type", { text });
}

function open(): Changes {
  if (changes === undefined) throw new Error("Nothing was opened.");
  return changes;
}

function turnOf(id: string): ChangingTurn {
  const turn = turns.get(id) ?? open().beginTurn({ id, label: id });
  turns.set(id, turn);
  return turn;
}
