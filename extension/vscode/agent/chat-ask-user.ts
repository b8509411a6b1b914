import * as vscode from "vscode";
import type { Questions } from "../../agent/ports/questions.ts";
import { tokenOf } from "../cancellation.ts";
import type { ChatQuestions, Choice } from "./chat-questions.ts";

type Answer =
  | { readonly kind: "option"; readonly text: string }
  | { readonly kind: "type" }
  | { readonly kind: "skip" };

const TYPE: Choice<Answer> = { title: "Type an Answer…", value: { kind: "type" } };
const SKIP: Choice<Answer> = { title: "Skip", value: { kind: "skip" } };

/** Passes the model's questions on: options as buttons in the chat, a free answer in an input box. */
export class ChatAskUser implements Questions {
  readonly #questions: ChatQuestions;
  readonly #stream: vscode.ChatResponseStream;

  constructor(questions: ChatQuestions, stream: vscode.ChatResponseStream) {
    this.#questions = questions;
    this.#stream = stream;
  }

  async ask(
    question: string,
    options: readonly string[],
    signal: AbortSignal,
  ): Promise<string | null> {
    const text = new vscode.MarkdownString("\n\n**");
    this.#stream.markdown(text.appendText(question).appendMarkdown("**\n"));
    const known = options.map((option): Choice<Answer> => {
      return { title: option, value: { kind: "option", text: option } };
    });
    for (;;) {
      const answer = await this.#questions.ask(this.#stream, [...known, TYPE, SKIP], signal);
      if (answer === null || answer.kind === "skip") return null;
      if (answer.kind === "option") return answer.text;
      const typed = await typedAnswer(question, signal);
      // Whoever closes the box may still want to choose.
      if (typed !== null) return typed;
    }
  }
}

async function typedAnswer(question: string, signal: AbortSignal): Promise<string | null> {
  const source = tokenOf(signal);
  try {
    const typed = await vscode.window.showInputBox(
      { title: "Kvasir", prompt: question, ignoreFocusOut: true },
      source.token,
    );
    return typed === undefined || typed.trim() === "" ? null : typed.trim();
  } finally {
    source.dispose();
  }
}
