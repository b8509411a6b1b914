import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { ChatInput } from "./chat-input.ts";
import { type Meter, parseMeter } from "./meter.ts";
import { Probe } from "./probe.ts";
import { isAlive, sidecarOf } from "./processes.ts";
import { waitFor } from "./wait-for.ts";

const SCREENSHOTS = "out/screenshots";
const WINDOW_MS_MAX = 60_000;
const ANSWER_MS_MAX = 60_000;
/** What stands last in the chat, if that is an answer; a message that has none yet is no answer. */
const LAST_ANSWER = ".interactive-response.chat-most-recent-response";

/** A window of the editor as a user sees it. */
export class EditorWindow {
  readonly page: Page;
  readonly #probes: { readonly probeFolder: string; readonly folder: string };
  readonly #statusItem: Locator;
  readonly #input: ChatInput;
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
    this.#input = new ChatInput(page);
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
    const { hostId } = this.#probe;
    await this.page.reload({ timeout: WINDOW_MS_MAX });
    this.#probe = await Probe.ofWindow(probeFolder, folder, known);
    // It may still write files until then.
    await waitFor("the extension host before to end", () => !isAlive(hostId), WINDOW_MS_MAX);
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
    await this.probe.call("shown");
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

  /**
   * Types a message into the chat and sends it. `@kvasir` stays for the messages behind it.
   * @param meanwhile is done while the message stands in the input
   */
  async send(message: string, meanwhile?: () => Promise<void>): Promise<void> {
    await this.page.bringToFront();
    // While the name of a slash command is completed, Enter takes the completion.
    const typed = /\/\w+$/u.test(message) ? `${message} ` : message;
    await this.#input.type(typed);
    await meanwhile?.();
    await this.sent(message.replace(/^@\w+ /, ""), () => this.#input.enter(typed));
  }

  /** Leaves the chat, so that the next message is the first one of another. */
  async newChat(): Promise<void> {
    await this.probe.call("execute", { command: "workbench.action.chat.newChat" });
    await this.#messages().first().waitFor({ state: "hidden" });
  }

  /** Takes away the messages that lie over the chat. */
  async dismissNotifications(): Promise<void> {
    await this.probe.call("execute", { command: "notifications.clearAll" });
  }

  get answer(): Locator {
    return this.page.locator(LAST_ANSWER);
  }

  /** The text of the last answer once it is complete. */
  async finishedAnswer(): Promise<string> {
    await this.page.bringToFront();
    await this.page
      .locator(`${LAST_ANSWER}:not(.chat-response-loading)`)
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
    await this.searchCommands(title);
    await this.listEntry(title).click();
  }

  /** Opens the command palette, with the commands that have these words in their titles. */
  async searchCommands(words: string): Promise<void> {
    const input = this.page.locator(".quick-input-widget .quick-input-box input");
    const prefix = ">";
    await this.page.keyboard.press("F1");
    // What is typed before would go to what has the focus; and another list may still be open.
    await waitFor(
      "the command palette",
      async () => (await input.isVisible()) && (await input.inputValue()).startsWith(prefix),
    );
    await input.fill(prefix + words);
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

  /** Waits until something has sent a message with these words in the chat that is open. */
  async sent(words: string, act: () => Promise<void>): Promise<void> {
    // Places in the list only grow. Older messages with the same words stand in earlier ones.
    const last = Math.max(-1, ...(await placesOf(this.#rows())));
    await act();
    await waitFor(
      `“${words}” to be sent`,
      async () => (await placesOf(this.#messages(words))).some((place) => place > last),
      ANSWER_MS_MAX,
    );
  }

  /** Waits until a chat is open that has a message with these words, which the one before had not. */
  async showsChat(words: string): Promise<void> {
    await this.#messages(words).last().waitFor({ timeout: ANSWER_MS_MAX });
  }

  /** Messages and answers in the chat, as far as the view has drawn them. */
  #rows(): Locator {
    return this.page.locator(".interactive-list .monaco-list-row");
  }

  #messages(words = ""): Locator {
    return this.#rows().filter({ has: this.page.locator(".interactive-request"), hasText: words });
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

/** All that is asked of an element in the page. The tests themselves know no types of a page. */
type RowElement = { readonly getAttribute: (name: string) => string | null };

async function placesOf(rows: Locator): Promise<number[]> {
  return await rows.evaluateAll((elements: readonly RowElement[]) =>
    elements.map((element) => Number(element.getAttribute("data-index"))),
  );
}

function statusItemIn(page: Page): Locator {
  return page.locator('.statusbar-item[id="kvasir.kvasir.kvasir.meter"]');
}
