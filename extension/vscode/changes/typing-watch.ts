import * as vscode from "vscode";
import { holdsTyping } from "./saved-text.ts";

/** Sees whether somebody types into a document while it is saved. To be made right before. */
export class TypingWatch {
  readonly #document: vscode.TextDocument;
  readonly #wanted: string;
  readonly #atStart: string;
  readonly #events: vscode.Disposable;
  #isSomebodyThere = false;

  /** @param wanted what the agent's change, which is in it already, makes of the document. */
  constructor(document: vscode.TextDocument, wanted: string) {
    this.#document = document;
    this.#wanted = wanted;
    this.#atStart = document.getText();
    this.#events = vscode.Disposable.from(
      // A key moves the caret and names its kind; edits of programs move it without one.
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        if (textEditor.document === document && kind !== undefined) this.#isSomebodyThere = true;
      }),
      vscode.workspace.onDidChangeTextDocument((event) => {
        const isUndo = event.reason !== undefined;
        if (event.document === document && isUndo) this.#isSomebodyThere = true;
      }),
    );
  }

  get hasTyping(): boolean {
    return holdsTyping({
      wanted: this.#wanted,
      atStart: this.#atStart,
      now: this.#document.getText(),
      isSomebodyThere: this.#isSomebodyThere,
    });
  }

  dispose(): void {
    this.#events.dispose();
  }
}
