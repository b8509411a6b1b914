import * as vscode from "vscode";
import type { MeterPage } from "../meter-page.ts";
import { Commands } from "../names.ts";
import type { SidecarActions } from "../sidecar-actions.ts";

export function registerCacheCommands(
  meterPage: () => Promise<MeterPage>,
  actions: () => Promise<SidecarActions>,
): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.commands.registerCommand(Commands.showMeter, async () => (await meterPage()).show()),
    vscode.commands.registerCommand(Commands.clearCache, async () =>
      (await actions()).clearCache(),
    ),
  );
}
