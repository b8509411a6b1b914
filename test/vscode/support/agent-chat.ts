import type { Locator } from "playwright-core";
import type { EditorWindow } from "./editor-window.ts";
import { waitFor } from "./wait-for.ts";

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
  return await waitFor("the steps of the answer", async () => {
    if ((await folded.count()) > 0) await folded.first().click();
    const text = await window.answer.innerText();
    // They are folded away some time after the answer is complete.
    return (await folded.count()) === 0 ? text : null;
  });
}

/** Waits for a question in the chat and answers it. */
export async function choose(window: EditorWindow, title: string): Promise<void> {
  await window.page.bringToFront();
  const choice = choiceIn(window, title);
  await choice.waitFor({ timeout: CHOICE_MS_MAX });
  await choice.click();
}
