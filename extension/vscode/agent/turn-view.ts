import * as vscode from "vscode";
import type { ChatPiece } from "../../agent/chat/chat-piece.ts";
import { escapeMarkdown } from "../../agent/chat/escape-markdown.ts";
import { iconOf, OUTPUT_LANGUAGE } from "../../agent/chat/step-line.ts";

type Step = Extract<ChatPiece, { kind: "step" }>;

/** Writes the pieces of an answer into the chat. */
export class TurnView {
  readonly #stream: vscode.ChatResponseStream;
  readonly #linkOf: (path: string) => vscode.Uri | null;
  /** Whether what the model says next has to begin a paragraph. */
  #afterStep = false;

  /** @param linkOf where a path leads that the model has named; `null` for what is no file. */
  constructor(stream: vscode.ChatResponseStream, linkOf: (path: string) => vscode.Uri | null) {
    this.#stream = stream;
    this.#linkOf = linkOf;
  }

  show(piece: ChatPiece): void {
    switch (piece.kind) {
      case "progress":
        // The editor reads Markdown here too.
        this.#stream.progress(escapeMarkdown(piece.text));
        return;
      case "markdown":
        this.#stream.markdown(this.#afterStep ? `\n\n${piece.text}` : piece.text);
        this.#afterStep = false;
        return;
      case "step":
        this.#step(piece);
        this.#afterStep = true;
        return;
      case "output":
        this.#stream.markdown(
          new vscode.MarkdownString("\n").appendCodeblock(piece.text, OUTPUT_LANGUAGE),
        );
        return;
    }
  }

  #step({ mark, before, path, after }: Step): void {
    const line = `\n\n${iconOf(mark)} ${escapeMarkdown(before)}`;
    // A call that failed may have failed because there is no such file.
    const link = path === null || mark === "failed" ? null : this.#linkOf(path);
    if (path === null || link === null) {
      this.#write(line + escapeMarkdown((path ?? "") + after));
      return;
    }
    this.#write(line);
    this.#stream.anchor(link, path);
    if (after !== "") this.#write(escapeMarkdown(after));
  }

  #write(markdown: string): void {
    const withIcons = true;
    this.#stream.markdown(new vscode.MarkdownString(markdown, withIcons));
  }
}
