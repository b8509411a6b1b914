import * as vscode from "vscode";
import { PARTICIPANT_NAME } from "./names.ts";

/** A file to attach, or a range of one. */
export type Attachment = vscode.Uri | { readonly uri: vscode.Uri; readonly range: vscode.Range };

export type ChatOpening = {
  /** What follows upon `@kvasir`. */
  readonly message: string;
  readonly attached?: readonly Attachment[];
  /** Leaves the message to be completed and sent by the user. */
  readonly isUnfinished?: boolean;
};

/** Opens the chat view with a message to `@kvasir`, and sends it. */
export async function openChat(opening: ChatOpening): Promise<void> {
  const { message, attached = [], isUnfinished = false } = opening;
  await vscode.commands.executeCommand("workbench.action.chat.open", {
    query: `@${PARTICIPANT_NAME} ${message}`,
    isPartialQuery: isUnfinished,
    attachFiles: [...attached],
  });
}

/** Opens a chat in which nothing was said yet. */
export async function openNewChat(opening: ChatOpening): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.chat.newChat");
  await openChat(opening);
}
