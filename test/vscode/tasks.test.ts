import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";
import { messagesIn, storedChats } from "./support/stored-chats.ts";

const PRICES = [
  "/** What a basket costs, in cents. */",
  "export function total(prices: readonly number[]): number {",
  "  return prices.reduce((sum, price) => sum + price, 0);",
  "}",
  "",
  ...Array.from({ length: 30 }, (_, line) => `export const price${line} = ${line * 7};`),
].join("\n");
const PROBLEM = "Type 'string' is not\n  assignable to type 'number'.";

describe("a task", () => {
  let session: Session;
  let window: EditorWindow;

  const asked = (): string => messagesIn(storedChats(session.userFolder)[0]!).at(-1)!;
  const shown = (): string[] =>
    storedChats(session.userFolder)[0]!.window.files.map(({ shown: { label, lines } }) =>
      lines === null ? label : `${label} ${lines.start + 1}-${lines.end}`,
    );

  beforeAll(async () => {
    session = await Session.start();
    const files = { "prices.ts": PRICES, "notes.md": "# Notes\n" };
    window = await session.openWindow(session.makeWorkspace(files), "prices.ts");
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("from the context menu opens the chat with the selected lines attached", async () => {
    await window.probe.call("selectLines", { first: 1, last: 3 });
    await window.sent("/explain", () =>
      window.chooseTask(window.lineShowing("prices.reduce"), "Explain"),
    );
    await window.finishedAnswer();
    await window.waitForStatus(/cached/);
    await window.screenshot("tasks-explain-a-selection");
    expect(asked()).toMatch(/^Explain prices\.ts, lines 2–4: /u);
    expect(shown()).toEqual(["prices.ts 2-4"]);
  });

  it("from the palette is about the open file where nothing is selected", async () => {
    await window.lineShowing("prices.reduce").click();
    await window.sent("/tests", () => window.runCommand("Kvasir: Write Tests"));
    await window.finishedAnswer();
    expect(asked()).toMatch(/^Write tests for prices\.ts, /u);
    expect(shown()).toContain("prices.ts");
  });

  it("from the explorer is about the file there", async () => {
    const notes = window.page.locator(".explorer-folders-view .monaco-list-row", {
      hasText: "notes.md",
    });
    await window.sent("/doc", () => window.chooseTask(notes, "Generate Doc Comment"));
    await window.finishedAnswer();
    expect(asked()).toMatch(/^Write documentation comments for notes\.md, /u);
  });

  it("that needs words of the user waits for them", async () => {
    await window.lineShowing("prices.reduce").click();
    await window.runCommand("Kvasir: Refactor...");
    await expect.poll(() => window.chatInput.innerText()).toMatch(/@kvasir\s+\/refactor/u);
    await window.screenshot("tasks-refactor-waits");
    expect(await window.isAnswering()).toBe(false);
    await window.ask("into one expression");
    expect(asked()).toBe("Refactor prices.ts. What it does stays as it is.\n\ninto one expression");
  });

  it("that is typed is about what the editor shows, and keeps what was typed", async () => {
    await window.probe.call("selectLines", { first: 5, last: 6 });
    await window.ask("/doc in one line each");
    expect(asked()).toMatch(
      /^Write documentation comments for prices\.ts, lines 6–7, .*\n\nin one line each$/su,
    );
  });

  it("is offered where the editor reports a problem", async () => {
    await window.probe.call("report", { line: 2, message: PROBLEM });
    await window.lineShowing("prices.reduce").click();
    await window.probe.call("execute", { command: "editor.action.quickFix" });
    const actions = window.page.locator(".action-widget").first();
    await actions.getByText("Fix with Kvasir").waitFor();
    await window.screenshot("tasks-fix-a-problem");
    await actions.getByText("Explain with Kvasir").waitFor();
    await window.sent("/fix line 3: Type 'string' is not assignable", () =>
      actions.getByText("Fix with Kvasir").click(),
    );
    await window.finishedAnswer();
    await window.screenshot("tasks-fixing-a-problem");
    expect(asked()).toMatch(
      /^Fix what is wrong in prices\.ts, lines 1–13\..*line 3: Type 'string' is not assignable to type 'number'\.$/su,
    );
  });

  it("to fix something says what the editor reports there", async () => {
    await window.probe.call("selectLines", { first: 0, last: 4 });
    await window.sent("/fix", () => window.runCommand("Kvasir: Fix"));
    await window.finishedAnswer();
    expect(asked()).toMatch(
      /^Fix what is wrong in prices\.ts, lines 1–4\..*\n\nThe editor reports:\nprices\.ts, line 3: Type 'string' is not assignable to type 'number'\.$/su,
    );
  });
});
