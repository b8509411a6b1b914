import { TextDocument } from "vscode-languageserver-textdocument";
import type { TextChange } from "../../protocol/edit.ts";
import { Refusal } from "../refusal.ts";

/**
 * Applies changes one after the other. The library clamps a range that lies outside the text;
 * here that is refused, because it means that the two halves no longer hold the same text.
 */
export function patchText(text: string, changes: readonly TextChange[]): string {
  const document = TextDocument.create("segment:", "plaintext", 0, text);
  for (const [version, change] of changes.entries()) {
    const { start, end } = change.range;
    for (const position of [start, end]) requireInside(document, position);
    if (document.offsetAt(end) < document.offsetAt(start)) {
      throw new Refusal("badEdit", "A text change ends before it starts.");
    }
    TextDocument.update(document, [change], version + 1);
  }
  const patched = document.getText();
  if (patched.isWellFormed()) return patched;
  throw new Refusal("badEdit", "A text change cuts a character in half.");
}

function requireInside(
  document: TextDocument,
  position: { readonly line: number; readonly character: number },
): void {
  const back = document.positionAt(document.offsetAt(position));
  if (back.line === position.line && back.character === position.character) return;
  const { line, character } = position;
  throw new Refusal("badEdit", `Line ${line}, character ${character} is outside the text.`);
}
