import * as vscode from "vscode";
import { Commands } from "../names.ts";
import type { KeptContext } from "../providers/kept-context.ts";

export function registerLessonCommands(kept: () => Promise<KeptContext | null>): vscode.Disposable {
  return vscode.commands.registerCommand(Commands.editLessons, async () => {
    const context = await kept();
    if (context === null) {
      void vscode.window.showInformationMessage(
        "Lessons are kept with a workspace; open a folder first.",
      );
      return;
    }
    await context.lessons.prepare();
    await vscode.window.showTextDocument(context.lessonsUri);
  });
}
