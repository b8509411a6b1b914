import * as vscode from "vscode";
import { Commands, CommandTitles } from "./names.ts";
import type { SidecarState } from "./sidecar.ts";

type Action = keyof typeof CommandTitles;

/** Tells the user what has happened to the sidecar, if it matters. */
export async function noticeState(state: SidecarState): Promise<void> {
  if (state === "crashed") {
    await offer(
      await vscode.window.showWarningMessage(
        "The Kvasir sidecar crashed and is being restarted; what it had not yet kept on disk is prefilled again.",
        CommandTitles.showLog,
      ),
    );
  } else if (state === "gaveUp") {
    await offer(
      await vscode.window.showErrorMessage(
        "The Kvasir sidecar crashed too often and was stopped.",
        CommandTitles.restartSidecar,
        CommandTitles.showLog,
      ),
    );
  }
}

/** Shows one sentence with the buttons that could help. */
export async function showError(sentence: string, actions: readonly Action[]): Promise<void> {
  const titles = actions.map((action) => CommandTitles[action]);
  await offer(await vscode.window.showErrorMessage(sentence, ...titles));
}

async function offer(title: string | undefined): Promise<void> {
  const action = (Object.keys(CommandTitles) as Action[]).find(
    (candidate) => CommandTitles[candidate] === title,
  );
  if (action !== undefined) await vscode.commands.executeCommand(Commands[action]);
}
