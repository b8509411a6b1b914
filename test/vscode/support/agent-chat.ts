import type { Locator } from "playwright-core";
import type { EditorWindow } from "./editor-window.ts";

const CHOICE_MS_MAX = 30_000;

/** A button or a link in the last answer, by its words. */
export function choiceIn(window: EditorWindow, title: string): Locator {
  const exact = new RegExp(`^${title.replaceAll(/[.*+?^${}()|[\]\\]/gu, "\\$&")}$`);
  return window.answer.locator(".monaco-button, a").filter({ hasText: exact }).last();
}

/** The text of the last answer when it is complete, with the steps that the editor folds away. */
export async function answerWithSteps(window: EditorWindow): Promise<string> {
  await window.finishedAnswer();
  const folded = window.answer.locator('[aria-expanded="false"]', { hasText: /^Completed / });
  if ((await folded.count()) > 0) await folded.first().click();
  return await window.answer.innerText();
}

/** Waits for a question in the chat and answers it. */
export async function choose(window: EditorWindow, title: string): Promise<void> {
  await window.page.bringToFront();
  const choice = choiceIn(window, title);
  await choice.waitFor({ timeout: CHOICE_MS_MAX });
  await choice.click();
}
