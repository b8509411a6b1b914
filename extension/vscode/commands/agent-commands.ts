import * as vscode from "vscode";
import type { ChatQuestions } from "../agent/chat-questions.ts";
import type { Grants } from "../agent/grants.ts";
import { Commands } from "../names.ts";

export function registerAgentCommands(
  questions: () => Promise<ChatQuestions>,
  grants: () => Promise<Grants>,
): vscode.Disposable {
  return vscode.Disposable.from(
    // The buttons of a chat that was read back from disk run it too.
    vscode.commands.registerCommand(Commands.answerQuestion, async (id: unknown, index: unknown) =>
      (await questions()).answer(id, index),
    ),
    vscode.commands.registerCommand(Commands.forgetApprovals, async () => {
      const count = await (await grants()).clear();
      const what = count === 1 ? "1 approval" : `${count} approvals`;
      void vscode.window.showInformationMessage(
        count === 0
          ? "Nothing was allowed for good in this workspace."
          : `Forgot ${what} of this workspace; what is allowed in open chats ends with them.`,
      );
    }),
  );
}
