import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { changesOperations } from "./changes.ts";
import { offeredTools, type Used, useTool } from "./tools.ts";

const KVASIR = "kvasir.kvasir";
const TICK_MS = 1;
const problems = vscode.languages.createDiagnosticCollection("probe");

export type Asked = {
  readonly prompt: string;
  readonly tools?: readonly vscode.LanguageModelChatTool[];
  readonly toolRequired?: boolean;
  readonly modelOptions?: Readonly<Record<string, unknown>>;
  /** Cancels after this many parts. */
  readonly partsMax?: number;
};

export type Answered = {
  readonly texts: readonly string[];
  readonly calls: readonly { readonly name: string; readonly input: object }[];
  readonly error: { readonly name: string; readonly message: string } | null;
};

/** What the tests can have done in the extension host. Arguments and results travel as JSON. */
export const operations = {
  ...changesOperations,

  /** Activates Kvasir, which no one has done yet, and measures what that costs the host. */
  async activate(): Promise<{ wasActive: boolean; wallMs: number; cpuMs: number }> {
    const extension = kvasir();
    const wasActive = extension.isActive;
    const cpuBefore = process.cpuUsage();
    const startMs = performance.now();
    await extension.activate();
    const wallMs = performance.now() - startMs;
    const { user, system } = process.cpuUsage(cpuBefore);
    return { wasActive, wallMs, cpuMs: (user + system) / 1_000 };
  },

  async manifest(): Promise<unknown> {
    return kvasir().packageJSON;
  },

  async commands(): Promise<string[]> {
    const commands = await vscode.commands.getCommands(true);
    return commands.filter((command) => command.startsWith("kvasir."));
  },

  async execute({ command, args = [] }: { command: string; args?: unknown[] }): Promise<void> {
    await vscode.commands.executeCommand(command, ...args);
  },

  async configure(settings: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [name, value] of Object.entries(settings)) {
      const target = vscode.ConfigurationTarget.Global;
      await vscode.workspace.getConfiguration().update(name, value, target);
    }
  },

  /** Waits until the window shows all that was said until now. Status items are told a tick later. */
  async shown(): Promise<void> {
    await delay(TICK_MS);
    await vscode.commands.getCommands();
  },

  async notify(sentence: string): Promise<void> {
    void vscode.window.showInformationMessage(sentence);
  },

  /** Replaces a line of a file that is open, as typing would, and does not save it. */
  async editLine({
    path,
    line,
    text,
  }: {
    path: string;
    line: number;
    text: string;
  }): Promise<void> {
    const document = vscode.workspace.textDocuments.find(({ uri }) =>
      uri.path.endsWith(`/${path}`),
    );
    if (document === undefined) throw new Error(`${path} is not open.`);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(line).range, text);
    if (!(await vscode.workspace.applyEdit(edit))) throw new Error("The edit was not applied.");
  },

  /** Selects whole lines in the editor, the last one included. */
  async selectLines({ first, last }: { first: number; last: number }): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (editor === undefined) throw new Error("No editor is open.");
    const end = editor.document.lineAt(last).range.end;
    editor.selection = new vscode.Selection(new vscode.Position(first, 0), end);
  },

  /** Reports a problem in the open file, as a language's extension would. */
  async report({ line, message }: { line: number; message: string }): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined) throw new Error("No editor is open.");
    problems.clear();
    problems.set(document.uri, [new vscode.Diagnostic(document.lineAt(line).range, message)]);
  },

  /** Renames a file of the workspace, as its explorer would. */
  async renameFile({ from, to }: { from: string; to: string }): Promise<void> {
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    if (folder === undefined) throw new Error("No folder is open.");
    const uriOf = (path: string): vscode.Uri => vscode.Uri.joinPath(folder.uri, path);
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uriOf(from), uriOf(to));
    if (!(await vscode.workspace.applyEdit(edit))) throw new Error("The file was not renamed.");
  },

  async setting(name: string): Promise<unknown> {
    return vscode.workspace.getConfiguration().get(name);
  },

  async offeredTools(): Promise<ReturnType<typeof offeredTools>> {
    return offeredTools();
  },

  async useTool(options: Parameters<typeof useTool>[0]): Promise<Used> {
    return await useTool(options);
  },

  async isActive(extension: string): Promise<boolean> {
    return vscode.extensions.getExtension(extension)?.isActive === true;
  },

  async isTrusted(): Promise<boolean> {
    return vscode.workspace.isTrusted;
  },

  async models(): Promise<{ id: string; name: string; maxInputTokens: number }[]> {
    const models = await vscode.lm.selectChatModels({ vendor: "kvasir" });
    return models.map(({ id, name, maxInputTokens }) => ({ id, name, maxInputTokens }));
  },

  async countTokens(text: string): Promise<number> {
    return await (await model()).countTokens(text);
  },

  async ask({ prompt, tools, toolRequired, modelOptions, partsMax }: Asked): Promise<Answered> {
    const cancellation = new vscode.CancellationTokenSource();
    const texts: string[] = [];
    const calls: { name: string; input: object }[] = [];
    try {
      const response = await (
        await model()
      ).sendRequest(
        [vscode.LanguageModelChatMessage.User(prompt)],
        {
          ...(tools === undefined ? {} : { tools: [...tools] }),
          ...(toolRequired ? { toolMode: vscode.LanguageModelChatToolMode.Required } : {}),
          ...(modelOptions === undefined ? {} : { modelOptions }),
        },
        cancellation.token,
      );
      for await (const part of response.stream) {
        if (part instanceof vscode.LanguageModelTextPart) texts.push(part.value);
        if (part instanceof vscode.LanguageModelToolCallPart) {
          calls.push({ name: part.name, input: part.input });
        }
        if (texts.length + calls.length === partsMax) cancellation.cancel();
      }
      return { texts, calls, error: null };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { texts, calls, error: { name, message } };
    }
  },
};

export type Operations = typeof operations;

function kvasir(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension(KVASIR);
  if (extension === undefined) throw new Error("Kvasir is not installed.");
  return extension;
}

async function model(): Promise<vscode.LanguageModelChat> {
  const [first] = await vscode.lm.selectChatModels({ vendor: "kvasir" });
  if (first === undefined) throw new Error("Kvasir offers no model.");
  return first;
}
