import * as vscode from "vscode";
import { lineChanges } from "../../edits/line-changes.ts";

/** The changes of whole lines that make a document read like a text; everything else is not touched. */
export function textEdits(document: vscode.TextDocument, text: string): vscode.TextEdit[] {
  const plain = (content: string): string => content.replaceAll("\r\n", "\n");
  const hunks = lineChanges(plain(document.getText()), plain(text));
  return hunks.map(({ beforeIndex, beforeLines, afterLines }) => {
    // Behind the last line there is none to end at, so the end is moved to what there is.
    const range = new vscode.Range(beforeIndex, 0, beforeIndex + beforeLines.length, 0);
    return vscode.TextEdit.replace(document.validateRange(range), afterLines.join(""));
  });
}
