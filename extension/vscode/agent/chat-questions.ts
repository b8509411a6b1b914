import * as vscode from "vscode";
import { Commands } from "../names.ts";

/** Questions that wait at the same time. More means that nobody reads them. */
const OPEN_MAX = 16;
const WAITING = "Kvasir waits for your answer in the chat";
const ANSWERED = "This question has been answered already, or its turn is over.";

export type Choice<T> = { readonly title: string; readonly value: T };

export type Choices<T> = {
  readonly buttons: readonly Choice<T>[];
  /** What is chosen less often, as links in one line, with fixed words around them. */
  readonly links: readonly Choice<T>[];
  readonly before: string;
  readonly after: string;
};

/**
 * Asks by buttons and links in a chat, since the chat has no other way to ask that every editor
 * offers to extensions. Each runs a command with the id of its question, which nobody can guess.
 */
export class ChatQuestions {
  readonly #open = new Map<string, (index: number) => void>();

  /** `null` when the signal fires before somebody has chosen. */
  async ask<T>(
    stream: vscode.ChatResponseStream,
    choices: Choices<T>,
    signal: AbortSignal,
  ): Promise<T | null> {
    if (signal.aborted || this.#open.size >= OPEN_MAX) return null;
    const id = crypto.randomUUID();
    const all = [...choices.buttons, ...choices.links];
    show(stream, id, choices);
    const chosen = new Promise<T | null>((resolve) => {
      this.#open.set(id, (index) => resolve(all[index]?.value ?? null));
      signal.addEventListener("abort", () => resolve(null), { once: true });
    });
    try {
      return await shownAsWaiting(chosen);
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

function show<T>(
  stream: vscode.ChatResponseStream,
  id: string,
  { buttons, links, before, after }: Choices<T>,
): void {
  const command = Commands.answerQuestion;
  for (const [index, { title }] of buttons.entries()) {
    stream.button({ command, title, arguments: [id, index] });
  }
  if (links.length === 0) return;
  const parts = links.map(({ title }, index) => {
    const given = encodeURIComponent(JSON.stringify([id, buttons.length + index]));
    return `[${title}](command:${command}?${given})`;
  });
  const line = new vscode.MarkdownString(`\n\n${before}${parts.join(" · ")}${after}\n`);
  // It may run this one command, and nobody else's words are in it.
  line.isTrusted = { enabledCommands: [command] };
  stream.markdown(line);
}

/** Says in the status bar that something waits: the chat may be hidden. */
async function shownAsWaiting<T>(answer: Promise<T>): Promise<T> {
  const location = vscode.ProgressLocation.Window;
  return await vscode.window.withProgress({ location, title: WAITING }, async () => await answer);
}
