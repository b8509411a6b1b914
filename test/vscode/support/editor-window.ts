import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { type Meter, parseMeter } from "./meter.ts";
import { Probe } from "./probe.ts";
import { sidecarOf } from "./processes.ts";
import { waitFor } from "./wait-for.ts";

const SCREENSHOTS = "out/screenshots";
const WINDOW_MS_MAX = 60_000;
const ANSWER_MS_MAX = 60_000;
const KEY_DELAY_MS = 15;

/** A window of the editor as a user sees it. */
export class EditorWindow {
  readonly page: Page;
  readonly #probes: { readonly probeFolder: string; readonly folder: string };
  readonly #statusItem: Locator;
  #probe: Probe;

  private constructor(
    page: Page,
    probe: Probe,
    probes: { readonly probeFolder: string; readonly folder: string },
  ) {
    this.page = page;
    this.#probe = probe;
    this.#probes = probes;
    this.#statusItem = statusItemIn(page);
  }

  static async open(
    page: Page,
    url: string,
    { probeFolder, folder }: { readonly probeFolder: string; readonly folder: string },
  ): Promise<EditorWindow> {
    const known = Probe.known(probeFolder);
    await page.goto(url, { timeout: WINDOW_MS_MAX });
    const probe = await Probe.ofWindow(probeFolder, folder, known);
    const window = new EditorWindow(page, probe, { probeFolder, folder });
    await page.locator(".monaco-workbench").waitFor({ timeout: WINDOW_MS_MAX });
    return window;
  }

  get probe(): Probe {
    return this.#probe;
  }

  /** Loads the window again, which gives it another extension host. */
  async reload(): Promise<void> {
    const { probeFolder, folder } = this.#probes;
    const known = Probe.known(probeFolder);
    await this.page.reload({ timeout: WINDOW_MS_MAX });
    this.#probe = await Probe.ofWindow(probeFolder, folder, known);
    await this.page.locator(".monaco-workbench").waitFor({ timeout: WINDOW_MS_MAX });
  }

  /** The same, and waits until the chat that was open is shown again and takes messages. */
  async reloadWithChat(): Promise<void> {
    await this.reload();
    await this.ready();
    await this.page.locator(".interactive-request").last().waitFor({ timeout: WINDOW_MS_MAX });
    await this.chatInput.getByText("@kvasir").first().waitFor({ timeout: WINDOW_MS_MAX });
  }

  /** Waits until the extension has started and the chat has found its model. */
  async ready(): Promise<void> {
    await this.#statusItem.waitFor({ timeout: WINDOW_MS_MAX });
    await this.#modelPicker.waitFor({ timeout: WINDOW_MS_MAX });
  }

  async status(): Promise<string> {
    return (await this.#statusItem.innerText()).trim();
  }

  async waitForStatus(pattern: RegExp): Promise<string> {
    return await waitFor(`the status ${pattern}`, async () => {
      const status = await this.status();
      return pattern.test(status) ? status : null;
    });
  }

  /** The table in the status item's tooltip. */
  async meter(): Promise<Meter> {
    return parseMeter(await this.meterText());
  }

  async meterText(): Promise<string> {
    return (await this.#statusItem.getAttribute("aria-label")) ?? "";
  }

  async clickStatus(): Promise<void> {
    await this.#statusItem.locator("a").first().click();
  }

  get sidecarId(): number | null {
    return sidecarOf(this.probe.hostId);
  }

  async attachOpenFile(): Promise<void> {
    await this.page.locator('.interactive-input-part [aria-label^="Add file:"]').click();
  }

  /** Types a message into the chat and sends it. `@kvasir` stays for the messages behind it. */
  async send(message: string): Promise<void> {
    await this.page.bringToFront();
    // While the name of a slash command is completed, Enter takes the completion.
    const typed = /\/\w+$/u.test(message) ? `${message} ` : message;
    await this.#type(typed);
    await waitFor(`“${message}” to leave the input`, async () => {
      await this.page.keyboard.press("Enter");
      await this.page.waitForTimeout(KEY_DELAY_MS);
      return !(await this.#inputHolds(typed));
    });
    await this.sent(message.replace(/^@\w+ /, ""));
  }

  /** A window that has just opened may take the focus away, or make its input anew, in the middle of it. */
  async #type(text: string): Promise<void> {
    const input = this.page.locator(".interactive-input-part .monaco-editor").first();
    await input.click();
    const before = (await this.#inputText()).trimStart();
    await this.page.keyboard.type(text, { delay: KEY_DELAY_MS });
    await waitFor(`“${text}” to stand in the input`, async () => {
      await this.page.waitForTimeout(KEY_DELAY_MS);
      if (await this.#inputHolds(text)) return true;
      await input.click();
      await this.page.keyboard.press("ControlOrMeta+A");
      await this.page.keyboard.type(before + text, { delay: KEY_DELAY_MS });
      return false;
    });
  }

  async #inputText(): Promise<string> {
    const lines = this.page.locator(".interactive-input-part .monaco-editor .view-lines").first();
    // The editor shows spaces as ones that do not break lines.
    return (await lines.innerText()).replaceAll("\u00A0", " ");
  }

  /** Whether a text stands in the input, however its lines are broken there. */
  async #inputHolds(text: string): Promise<boolean> {
    const [shown, wanted] = [await this.#inputText(), text].map((each) =>
      each.replaceAll(/\s/gu, ""),
    );
    return shown!.includes(wanted!);
  }

  /** Takes away the messages that lie over the chat. */
  async dismissNotifications(): Promise<void> {
    await this.probe.call("execute", { command: "notifications.clearAll" });
  }

  get answer(): Locator {
    return this.page.locator(".interactive-response.chat-most-recent-response");
  }

  /** The text of the last answer once it is complete. */
  async finishedAnswer(): Promise<string> {
    await this.page.bringToFront();
    await this.page
      .locator(".chat-most-recent-response:not(.chat-response-loading)")
      .waitFor({ timeout: ANSWER_MS_MAX });
    return await this.answer.innerText();
  }

  async ask(message: string): Promise<string> {
    await this.send(message);
    return await this.finishedAnswer();
  }

  async isAnswering(): Promise<boolean> {
    return (await this.page.locator(".chat-response-loading").count()) > 0;
  }

  async stopAnswer(): Promise<void> {
    await this.page.locator(".interactive-input-part .codicon-stop-circle").first().click();
  }

  /** Runs a command by its title, from the command palette. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    await this.page.keyboard.type(title, { delay: KEY_DELAY_MS });
    await this.page
      .locator(".quick-input-list .monaco-list-row", { hasText: title })
      .first()
      .click();
  }

  /** Chooses an entry of the submenu “Kvasir” in the context menu of something. */
  async chooseTask(place: Locator, title: string): Promise<void> {
    await place.click({ button: "right" });
    await this.page.getByRole("menuitem", { name: "Kvasir", exact: true }).hover();
    const tasks = this.page.locator(".monaco-submenu");
    await tasks.getByRole("menuitem", { name: title, exact: true }).hover();
    // A click that comes with the opening of a menu is taken for the one that opened it.
    await this.page.keyboard.press("Enter");
  }

  /** The line of the open file that shows a text. */
  lineShowing(text: string): Locator {
    return this.page.locator(".editor-instance .view-line", { hasText: text }).first();
  }

  /** An entry of the list that is open in the middle of the window. */
  listEntry(label: string): Locator {
    return this.page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
  }

  /** What stands in the chat's input and was not sent. */
  get chatInput(): Locator {
    return this.page.locator(".interactive-input-part");
  }

  /** Waits until a message with these words was sent. */
  async sent(words: string): Promise<void> {
    await this.page
      .locator(".interactive-request", { hasText: words })
      .last()
      .waitFor({ timeout: ANSWER_MS_MAX });
  }

  get #modelPicker(): Locator {
    return this.page.locator(".interactive-input-part .model-picker-name").first();
  }

  async modelName(): Promise<string> {
    return (await this.#modelPicker.innerText()).trim();
  }

  async openModelPicker(): Promise<void> {
    await this.#modelPicker.click();
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  /** As a user does: the editor is told that the window goes. */
  async close(): Promise<void> {
    const closed = this.page.waitForEvent("close");
    await this.page.close({ runBeforeUnload: true });
    await closed;
  }
}

function statusItemIn(page: Page): Locator {
  return page.locator('.statusbar-item[id="kvasir.kvasir.kvasir.meter"]');
}
