import * as vscode from "vscode";
import { Commands } from "../names.ts";
import type { SessionActions } from "../session-actions.ts";

export function registerSessionCommands(actions: () => Promise<SessionActions>): vscode.Disposable {
  return vscode.commands.registerCommand(Commands.sessions, async () => (await actions()).show());
}
