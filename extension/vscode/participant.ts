import * as vscode from "vscode";
import type { ChatAnswers } from "./chat-answers.ts";
import { PARTICIPANT_ID } from "./names.ts";

/** Puts `@kvasir` into the chat view. What answers it is loaded with its first message. */
export function registerParticipant(
  extensionUri: vscode.Uri,
  chatAnswers: () => Promise<ChatAnswers>,
): vscode.Disposable {
  const participant = vscode.chat.createChatParticipant(
    PARTICIPANT_ID,
    async (request, { history }, stream, token) => {
      const answers = await chatAnswers();
      return await answers.answer(request, history, stream, token);
    },
  );
  participant.iconPath = vscode.Uri.joinPath(extensionUri, "media", "kvasir.svg");
  return participant;
}
