import * as vscode from "vscode";
import { Commands } from "../names.ts";

/** Questions that wait at the same time. More means that nobody reads them. */
const OPEN_MAX = 16;
const WAITING = "Kvasir waits for your answer in the chat";
const ANSWERED = "This question has been answered already, or its turn is over.";

export type Choice<T> = { readonly title: string; readonly value: T };

/**
 * Asks by buttons in a chat, since the chat has no other way to ask that every editor offers to
 * extensions. Each button runs a command with the id of its question, which nobody can guess.
 */
export class ChatQuestions {
  readonly #open = new Map<string, (index: number) => void>();

  /** `null` when the signal fires before somebody has chosen. */
  async ask<T>(
    stream: vscode.ChatResponseStream,
    choices: readonly Choice<T>[],
    signal: AbortSignal,
  ): Promise<T | null> {
    if (signal.aborted || this.#open.size >= OPEN_MAX) return null;
    const id = crypto.randomUUID();
    for (const [index, { title }] of choices.entries()) {
      stream.button({ command: Commands.answerQuestion, title, arguments: [id, index] });
    }
    const chosen = new Promise<T | null>((resolve) => {
      this.#open.set(id, (index) => resolve(choices[index]?.value ?? null));
      signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    try {
      return await untilThen(chosen);
    } finally {
      this.#open.delete(id);
    }
  }

  /** Somebody has pressed a button, maybe one of a question that is long past. */
  answer(id: unknown, index: unknown): void {
    const resolve = this.#open.get(String(id));
    if (resolve === undefined) void vscode.window.showInformationMessage(ANSWERED);
    else resolve(Number(index));
  }
}

/** Says in the status bar that something waits: the chat may be hidden. */
async function untilThen<T>(answer: Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Window;
  return await vscode.window.withProgress({ location, title: WAITING }, async () => await answer);
}
