import * as vscode from "vscode";
import { Gate } from "../../agent/approvals/gate.ts";
import type { LivingWindow } from "../../agent/living-window.ts";
import type { NearRules } from "../../agent/rules/near-rules.ts";
import type { ToolHost } from "../../agent/tools/tool.ts";
import type { ChangingTurn } from "../changes/changing-turn.ts";
import { readAllowed } from "./agent-settings.ts";
import { ChatApprovals } from "./chat-approvals.ts";
import { ChatAskUser } from "./chat-ask-user.ts";
import type { ChatQuestions } from "./chat-questions.ts";
import type { EditorDiagnostics } from "./editor-diagnostics.ts";
import { editorSearch } from "./editor-ripgrep.ts";
import { EditorTerminal } from "./editor-terminal.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";
import type { Grants } from "./grants.ts";
import type { SessionMemory } from "./session-memory.ts";
import type { TerminalView } from "./terminal-view.ts";

/** What all chats of an editor's window share. */
export type EditorParts = {
  readonly questions: ChatQuestions;
  readonly grants: Grants;
  readonly terminal: TerminalView;
};

/** What one turn works with. */
export type TurnParts = {
  readonly workspace: EditorWorkspace;
  readonly diagnostics: EditorDiagnostics;
  readonly memory: SessionMemory;
  readonly near: NearRules;
  readonly changing: ChangingTurn;
  readonly window: LivingWindow;
  readonly stream: vscode.ChatResponseStream;
};

/** Everything that tools need in the editor. */
export async function editorHost(
  { questions, grants, terminal }: EditorParts,
  { workspace, diagnostics, memory, near, changing, window, stream }: TurnParts,
): Promise<ToolHost> {
  const { edits, commands } = readAllowed();
  const approvals = new ChatApprovals(questions, stream, async (grant, lasts) => {
    if (lasts === "always") await grants.add(grant);
    else memory.allow(grant);
  });
  const settled = {
    trusted: vscode.workspace.isTrusted,
    root: workspace.root,
    edits,
    writable: [],
    commands,
    external: [],
  };
  return {
    workspace,
    search: await editorSearch(workspace.folders),
    terminal: new EditorTerminal(terminal, () => changing.saveForCommand()),
    diagnostics,
    questions: new ChatAskUser(questions, stream),
    edits: changing.edits,
    gate: new Gate(approvals, memory.applyTo(grants.applyTo(settled))),
    outputs: memory.outputs,
    rules: near,
    window,
  };
}
