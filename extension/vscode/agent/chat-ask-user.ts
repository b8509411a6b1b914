import * as vscode from "vscode";
import { escapeMarkdown } from "../../agent/chat/escape-markdown.ts";
import type { Questions } from "../../agent/ports/questions.ts";
import { tokenOf } from "../cancellation.ts";
import type { ChatQuestions, Choice } from "./chat-questions.ts";

type Answer =
  | { readonly kind: "option"; readonly text: string }
  | { readonly kind: "type" }
  | { readonly kind: "skip" };

const OTHERS: readonly Choice<Answer>[] = [
  { title: "Type an answer…", value: { kind: "type" } },
  { title: "Skip", value: { kind: "skip" } },
];

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
    this.#stream.markdown(`\n\n**${escapeMarkdown(question)}**\n`);
    const buttons = options.map((option): Choice<Answer> => {
      return { title: option, value: { kind: "option", text: option } };
    });
    const choices = { buttons, links: OTHERS, before: "", after: "" };
    for (;;) {
      const answer = await this.#questions.ask(this.#stream, choices, signal);
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
