import * as vscode from "vscode";
import { Commands } from "../names.ts";
import type { SidecarActions } from "../sidecar-actions.ts";

export function registerSidecarCommands(
  actions: () => Promise<SidecarActions>,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(Commands.restartSidecar, async () =>
      (await actions()).restart(),
    ),
    vscode.commands.registerCommand(Commands.showLog, () => log.show()),
  );
}
