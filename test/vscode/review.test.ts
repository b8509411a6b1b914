import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";
import { waitFor } from "./support/wait-for.ts";

const NUMBERS = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\ntwelve\n";
const OTHER = "alpha\nbeta\n";
const SHOWN_MS_MAX = 30_000;
const SHOWN = { timeout: SHOWN_MS_MAX };

describe("changes of earlier turns", () => {
  let session: Session;
  let window: EditorWindow;
  let folder: string;

  const at = (name: string): string => join(folder, name);
  const onDisk = (name: string): string | null =>
    existsSync(at(name)) ? readFileSync(at(name), "utf8") : null;
  const text = async (name: string) => (await window.probe.call("document", at(name)))?.text;
  const hunkLenses = async (): Promise<string[]> =>
    (await window.probe.call("lenses", at("numbers.txt"))).filter(
      (title) => !/File|Review/.test(title),
    );
  const status = (): Locator =>
    window.page.locator('.statusbar-item[id="kvasir.kvasir.kvasir.review"]');
  const reviewTab = (): Locator =>
    window.page.locator(".tab", { hasText: "Kvasir: Changes to Review" });
  /** In the list of all, where it stays; what is drawn over the window goes after some seconds. */
  const notification = async (words: RegExp): Promise<Locator> => {
    const shown = window.page.locator(".notifications-center .notification-list-item", {
      hasText: words,
    });
    await waitFor(
      `the notification ${words}`,
      async () => {
        // The list closes when there is nothing in it yet.
        await window.probe.call("execute", { command: "notifications.showList" });
        return await shown.isVisible();
      },
      SHOWN_MS_MAX,
    );
    return shown;
  };
  const clickLens = async (title: string, index: number): Promise<void> => {
    const lens = window.page.locator(".codelens-decoration a", {
      hasText: new RegExp(`${title}$`),
    });
    await lens.nth(index).waitFor(SHOWN);
    await lens.nth(index).click();
  };
  const restore = async (words: string): Promise<void> => {
    await window.runCommand("Kvasir: Restore Checkpoint");
    const row = window.page.locator(".quick-input-list .monaco-list-row", { hasText: words });
    await row.first().waitFor();
    await window.screenshot("review-checkpoints");
    await row.first().click();
  };

  beforeAll(async () => {
    session = await Session.start();
    folder = session.makeWorkspace({ "numbers.txt": NUMBERS, "other.txt": OTHER });
    window = await session.openWindow(folder);
    const { probe } = window;
    await probe.call("openChanges");
    const change = async (turn: string, name: string, search: string, replace: string) => {
      const file = { turn, path: at(name), replace, ...(search === "" ? {} : { search }) };
      expect(await probe.call("changeFile", file)).toBe("applied");
    };
    await change("Write digits", "numbers.txt", "two", "2");
    await change("Write digits", "numbers.txt", "five", "5");
    await change("Write digits", "numbers.txt", "eight", "8");
    await change("Take notes", "notes.md", "", "A note.\n");
    await change("Change another file", "other.txt", "beta", "gamma");
    await window.reload();
    await window.page.locator(".monaco-workbench").waitFor();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("are still to be reviewed after the window was reloaded", async () => {
    await status().waitFor(SHOWN);
    await expect.poll(async () => (await status().innerText()).trim()).toBe("3 files to review");
    await window.probe.call("openFile", at("numbers.txt"));
    await expect
      .poll(hunkLenses)
      .toEqual([
        "1: $(check) Accept",
        "1: $(discard) Reject",
        "4: $(check) Accept",
        "4: $(discard) Reject",
        "7: $(check) Accept",
        "7: $(discard) Reject",
      ]);
  });

  it("are rejected one by one above the lines that changed", async () => {
    await window.page.locator(".codelens-decoration").first().waitFor(SHOWN);
    await window.screenshot("review-lenses");
    await clickLens("Reject", 1);
    await expect
      .poll(() => onDisk("numbers.txt"))
      .toBe(NUMBERS.replace("two", "2").replace("eight", "8"));
    await expect.poll(async () => (await hunkLenses()).length).toBe(4);
  });

  it("do not take in what the user types", async () => {
    await window.probe.call("editLine", { path: "numbers.txt", line: 10, text: "ELEVEN" });
    await expect
      .poll(async () => (await hunkLenses()).map((title) => title[0]))
      .toEqual(["1", "1", "7", "7"]);
  });

  it("are accepted one by one, and file by file", async () => {
    await clickLens("Accept", 0);
    await expect.poll(async () => (await hunkLenses()).length).toBe(2);
    await window.page
      .locator(
        '.editor-actions [aria-label^="Kvasir: Accept Changes in File"], .editor-actions [aria-label^="Accept Changes in File"]',
      )
      .first()
      .click();
    await expect.poll(async () => (await status().innerText()).trim()).toBe("2 files to review");
    expect(await text("numbers.txt")).toBe(
      NUMBERS.replace("two", "2").replace("eight", "8").replace("eleven", "ELEVEN"),
    );
  });

  it("are shown together, and rejected together", async () => {
    await status().click();
    await reviewTab().waitFor(SHOWN);
    await window.page.locator(".view-line", { hasText: "gamma" }).first().waitFor(SHOWN);
    await window.screenshot("review-all-files");
    await window.runCommand("Kvasir: Reject All Changes");
    await expect.poll(() => onDisk("other.txt")).toBe(OTHER);
    await expect.poll(() => onDisk("notes.md")).toBeNull();
    await expect.poll(() => status().count()).toBe(0);
    await expect.poll(() => reviewTab().count()).toBe(0);
  });

  it("are taken back to a checkpoint, and what the user has typed stays", async () => {
    await restore("Before “Write digits”");
    await expect.poll(() => text("numbers.txt")).toBe(NUMBERS.replace("eleven", "ELEVEN"));
    await window.screenshot("review-restored");
    expect(onDisk("other.txt")).toBe(OTHER);
  });

  it("come back where the user thinks better of it", async () => {
    const told = await notification(/Went back to before “Write digits”/);
    await told.hover();
    await told.getByText("Redo", { exact: true }).click();
    const again = NUMBERS.replace("two", "2").replace("eight", "8").replace("eleven", "ELEVEN");
    await expect.poll(() => text("numbers.txt")).toBe(again);
    // What others change by a command while it is saved is not kept, so the next change comes later.
    await expect.poll(() => onDisk("numbers.txt")).toBe(again);
  });

  it("are left alone where the user has changed the same lines, and can be compared", async () => {
    await window.dismissNotifications();
    await window.probe.call("openFile", at("numbers.txt"));
    await window.probe.call("editLine", { path: "numbers.txt", line: 1, text: "TWO" });
    const before = await text("numbers.txt");
    await restore("Before “Write digits”");
    const told = await notification(
      /Left as it is: numbers\.txt\. .* in the same lines: at line 2/,
    );
    expect(await text("numbers.txt")).toBe(before);
    await told.hover();
    await told.getByText("Compare", { exact: true }).click();
    await waitFor("the comparison", () =>
      window.page.getByText("numbers.txt (before the turn ↔ now)").first().isVisible(),
    );
    await window.screenshot("review-conflict");
  });
});
