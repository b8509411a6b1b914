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
    attachFiles: attached.map(attachmentOf),
  });
}

/** Ranges inside other values are not translated on their way, and the chat view counts from one. */
function attachmentOf(attachment: Attachment): object {
  if (attachment instanceof vscode.Uri) return attachment;
  const { start, end } = attachment.range;
  return {
    uri: attachment.uri,
    range: {
      startLineNumber: start.line + 1,
      startColumn: start.character + 1,
      endLineNumber: end.line + 1,
      endColumn: end.character + 1,
    },
  };
}

/** Opens a chat in which nothing was said yet. */
export async function openNewChat(opening: ChatOpening): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.chat.newChat");
  await openChat(opening);
}
