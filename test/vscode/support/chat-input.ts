import type { Page } from "playwright-core";
import { waitFor } from "./wait-for.ts";

/** A pause between keys that the editor keeps up with. */
const KEY_DELAY_MS = 15;
/**
 * A key that was lost is pressed again after this. Not sooner: a message that is being sent stands in
 * the input for a while, and one key more would send an empty one behind it.
 */
const ENTER_AGAIN_MS = 5_000;

/** Where messages are written in the chat view. */
export class ChatInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** A window that has just opened may take the focus away, or make its input anew, in the middle of it. */
  async type(text: string): Promise<void> {
    const input = this.#page.locator(".interactive-input-part .monaco-editor").first();
    await input.click();
    const before = (await this.#text()).trimStart();
    await this.#page.keyboard.type(text, { delay: KEY_DELAY_MS });
    await waitFor(`“${text}” to stand in the input`, async () => {
      await this.#page.waitForTimeout(KEY_DELAY_MS);
      if (await this.#holds(text)) return true;
      await input.click();
      await this.#page.keyboard.press("ControlOrMeta+A");
      await this.#page.keyboard.type(before + text, { delay: KEY_DELAY_MS });
      return false;
    });
  }

  /** Sends what was typed. */
  async enter(typed: string): Promise<void> {
    let pressedMs = Number.NEGATIVE_INFINITY;
    await waitFor(`“${typed}” to leave the input`, async () => {
      if (!(await this.#holds(typed))) return true;
      if (performance.now() - pressedMs < ENTER_AGAIN_MS) return false;
      await this.#page.keyboard.press("Enter");
      pressedMs = performance.now();
      return false;
    });
  }

  async #text(): Promise<string> {
    const lines = this.#page.locator(".interactive-input-part .monaco-editor .view-lines").first();
    // The editor shows spaces as ones that do not break lines.
    return (await lines.innerText()).replaceAll("\u00A0", " ");
  }

  /** Whether a text stands in the input, however its lines are broken there. */
  async #holds(text: string): Promise<boolean> {
    const [shown, wanted] = [await this.#text(), text].map((each) => each.replaceAll(/\s/gu, ""));
    return shown!.includes(wanted!);
  }
}
