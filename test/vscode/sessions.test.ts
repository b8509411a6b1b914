import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import { parseSession } from "../../extension/sessions/parse-session.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";
import { messagesIn, storedChats } from "./support/stored-chats.ts";

const TITLE = "What is the first thing?";
const NAME = "About things";
const SETTLE_MS = 500;
const DIALOG_MS_MAX = 15_000;

describe("a session", () => {
  let session: Session;
  let window: EditorWindow;
  let folder: string;

  const stored = () => storedChats(session.userFolder);
  const named = (label: string) =>
    stored().find(({ name, title }) => (name ?? title) === label) ?? null;

  /** Types a path into the editor's own file dialog. */
  const answerDialog = async (path: string): Promise<void> => {
    const input = window.page.locator(".quick-input-widget input[type=text]").first();
    await window.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    await expect
      .poll(
        async () => {
          await input.fill(path);
          await window.page.waitForTimeout(SETTLE_MS);
          return await input.inputValue();
        },
        { timeout: DIALOG_MS_MAX },
      )
      .toBe(path);
    await input.press("Enter");
  };
  const openList = async (): Promise<void> => {
    await window.runCommand("Kvasir: Sessions");
    await window.page
      .getByText("Choose a session to go on with")
      .or(window.page.locator('.quick-input-widget input[placeholder*="Choose a session"]'))
      .first()
      .waitFor();
  };
  const press = async (label: string, action: string): Promise<void> => {
    const entry = window.listEntry(label);
    await entry.hover();
    await entry.getByRole("button", { name: action }).click();
  };

  /** By its key: what hovers over the list lies over the button. */
  const pressImport = async (): Promise<void> =>
    await window.page.getByRole("button", { name: "Import a recording" }).press("Enter");

  beforeAll(async () => {
    session = await Session.start({ settings: { "kvasir.answer.maxTokens": 160 } });
    folder = session.makeWorkspace({ "readme.txt": "Nothing.\n" });
    window = await session.openWindow(folder);
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("has nothing to leave out while it is short", async () => {
    await window.ask(`@kvasir ${TITLE}`);
    expect(await window.ask("/compact")).toContain("Nothing was left out");
    expect(messagesIn(stored()[0]!)).toEqual([TITLE]);
  });

  it("makes room when it is asked to, and says how much", async () => {
    for (const which of ["second", "third", "fourth"]) await window.ask(`And the ${which} thing?`);
    const answer = await window.ask("/compact");
    await window.screenshot("sessions-compact");
    expect(answer).toMatch(/leaving out 2 turns \(\d+ tokens\)/u);
    const [, before, after] =
      /had ([\d,]+) tokens and now has ([\d,]+)\./u
        .exec(answer)
        ?.map((count) => Number(count.replaceAll(",", ""))) ?? [];
    expect(after).toBeLessThan(before!);
    expect(messagesIn(stored()[0]!)).toEqual(["And the third thing?", "And the fourth thing?"]);
    await window.ask("Still there?");
    const { lastTurn } = await window.meter();
    expect(lastTurn.prefilledTokens).toBeLessThan(100);
    expect(lastTurn.reusedTokens).toBeGreaterThan(after! - 10);
  });

  it("can be begun anew in the same chat, on the front that both share", async () => {
    const [old] = stored();
    expect(await window.ask("/new")).toContain("This is a new session");
    await window.ask("Something else?");
    await window.screenshot("sessions-new");
    const { lastTurn } = await window.meter();
    expect(lastTurn.reusedTokens).toBeGreaterThan(10);
    expect(lastTurn.reusedTokens + lastTurn.prefilledTokens).toBeLessThan(200);
    const [fresh] = stored();
    expect(fresh!.id).not.toBe(old!.id);
    expect(messagesIn(fresh!)).toEqual(["Something else?"]);
    await window.ask("Right?");
    expect(messagesIn(stored()[0]!)).toEqual(["Something else?", "Right?"]);
  });

  it("stands in a list under its first message, and can be renamed there", async () => {
    await openList();
    await window.listEntry("Something else?").waitFor();
    expect(await window.listEntry(TITLE).innerText()).toContain("5 questions");
    await window.screenshot("sessions-list");
    await press(TITLE, "Rename");
    const input = window.page.locator(".quick-input-widget input[type=text]").first();
    await expect.poll(() => input.inputValue()).toBe(TITLE);
    await input.fill(NAME);
    await input.press("Enter");
    await window.listEntry(NAME).waitFor();
    await window.screenshot("sessions-renamed");
    await expect.poll(() => named(NAME)).not.toBeNull();
    await window.page.keyboard.press("Escape");
  });

  it("can be gone on with in a new chat, where the model knows all of it", async () => {
    const { window: before } = named(NAME)!;
    await openList();
    await window.listEntry(NAME).click();
    await window.showsChat(`/resume ${NAME}`);
    const answer = await window.finishedAnswer();
    await window.screenshot("sessions-resumed");
    expect(answer).toContain("This chat goes on with");
    expect(answer).toContain("Still there?");
    await expect.poll(() => window.page.locator(".interactive-request").count()).toBe(1);
    await window.ask("And now?");
    const { lastTurn } = await window.meter();
    expect(messagesIn(named(NAME)!)).toEqual([
      ...messagesIn({ ...named(NAME)!, window: before }),
      "And now?",
    ]);
    expect(lastTurn.reusedTokens).toBeGreaterThan(300);
    expect(lastTurn.prefilledTokens).toBeLessThan(100);
  });

  it("goes two ways where the chat that it comes from goes on as well", async () => {
    await openList();
    await window.listEntry("Something else?").click();
    await window.showsChat("/resume Something else?");
    await window.finishedAnswer();
    await window.ask("In the new chat?");
    const picked = window.probe.call("execute", {
      command: "workbench.action.chat.pickAgentSession",
    });
    await window.listEntry(TITLE).click();
    await picked;
    await window.showsChat("Right?");
    await window.ask("In the old chat?");
    await window.screenshot("sessions-two-ways");
    const ways = stored().filter(({ title }) => title === "Something else?");
    expect(ways.map(messagesIn)).toEqual([
      ["Something else?", "Right?", "In the old chat?"],
      ["Something else?", "Right?", "In the new chat?"],
    ]);
    // What both have in common is computed once.
    expect((await window.meter()).lastTurn.prefilledTokens).toBeLessThan(100);
  });

  it("is exported for people", async () => {
    const path = join(folder, "things.md");
    await openList();
    await press(NAME, "Export");
    await window.listEntry("Markdown").click();
    await answerDialog(path);
    await window.page.locator(".tab", { hasText: "things.md" }).waitFor();
    await window.screenshot("sessions-exported");
    const text = readFileSync(path, "utf8");
    expect(text).toMatch(/^# About things\n/u);
    expect(text).toContain("## You\n\nAnd now?");
  });

  it("is exported for machines, and can be imported again", async () => {
    const outside = mkdtempSync(join(inject("codeServer").temporaryFolder, "exported-"));
    const path = join(outside, "things.jsonl");
    await openList();
    await press(NAME, "Export");
    await window.listEntry("JSONL").click();
    await answerDialog(path);
    // It is opened once it is written.
    await window.page.locator(".tab", { hasText: "things.jsonl" }).waitFor();
    expect(readFileSync(path, "utf8")).not.toContain(folder);
    // The reader of `kvasir replay`.
    expect(parseSession("things.jsonl", readFileSync(path, "utf8"))).toMatchObject({
      kind: "session",
      session: { task: NAME },
    });
    writeFileSync(path, readFileSync(path, "utf8").replace(NAME, "Brought along"));
    await openList();
    await pressImport();
    await answerDialog(path);
    await window.listEntry("Brought along").waitFor();
    await window.screenshot("sessions-imported");
    expect(messagesIn(named("Brought along")!)).toEqual(messagesIn(named(NAME)!));
    await window.page.keyboard.press("Escape");
  });

  it("is not made of what is no recording, which is said in one sentence", async () => {
    const path = join(folder, "broken.jsonl");
    const kept = stored().length;
    writeFileSync(path, '{"source":"x"}\n{"role":"user"');
    await openList();
    await pressImport();
    await answerDialog(path);
    await window.page.getByText("Line 2 of broken.jsonl is not a JSON object.").first().waitFor();
    await window.screenshot("sessions-broken-import");
    expect(stored()).toHaveLength(kept);
    await window.dismissNotifications();
  });

  it("is gone when it was deleted", async () => {
    await openList();
    await press("Brought along", "Delete");
    await window.page.locator(".monaco-dialog-box").getByRole("button", { name: "Delete" }).click();
    await window.listEntry(NAME).waitFor();
    await expect.poll(() => window.listEntry("Brought along").count()).toBe(0);
    await expect.poll(() => named("Brought along")).toBeNull();
    await window.page.keyboard.press("Escape");
  });

  it("that nobody knows cannot be gone on with", async () => {
    const answer = await window.ask("/resume No such thing");
    await window.screenshot("sessions-unknown");
    expect(answer).toContain("No session is called that");
  });
});
