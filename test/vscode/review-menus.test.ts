import { mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";

const LINES = "one\ntwo\nthree\n";
const SHOWN = { timeout: 30_000 };

describe("the menus of a review, in a folder that was opened over a link", () => {
  let session: Session;
  let window: EditorWindow;
  let link: string;

  const open = (name: string) => window.probe.call("openFile", join(link, name));
  const titleButton = (title: string): Locator =>
    window.page.locator(`.editor-actions [aria-label*="${title}"]`);
  const status = (): Locator =>
    window.page.locator('.statusbar-item[id="kvasir.kvasir.kvasir.review"]');
  const tab = (title: string): Locator => window.page.locator(".tab", { hasText: title });
  const menuItem = (name: string | RegExp): Locator =>
    window.page.getByRole("menuitem", { name, exact: true });

  beforeAll(async () => {
    session = await Session.start();
    const folder = session.makeWorkspace({ "changed.txt": LINES, "other.txt": "alpha\nbeta\n" });
    link = `${folder}-link`;
    symlinkSync(folder, link);
    window = await session.openWindow(link);
    await window.probe.call("openChanges");
    // The agent knows files by their canonical paths.
    const path = join(realpathSync(folder), "changed.txt");
    const change = { turn: "Write digits", path, search: "two", replace: "2" };
    await window.probe.call("changeFile", change);
    await window.reload();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("stand in the title of a file that has something to review", async () => {
    await status().waitFor(SHOWN);
    await open("changed.txt");
    await titleButton("Accept Changes in File").first().waitFor(SHOWN);
    expect(await titleButton("Reject Changes in File").count()).toBeGreaterThan(0);
  });

  it("go when the user has typed the change away, and come back with it", async () => {
    await window.probe.call("editLine", { path: "changed.txt", line: 1, text: "two" });
    await expect.poll(() => status().count()).toBe(0);
    await expect.poll(() => titleButton("Accept Changes in File").count()).toBe(0);
    await window.probe.call("editLine", { path: "changed.txt", line: 1, text: "2" });
    await status().waitFor(SHOWN);
    await titleButton("Accept Changes in File").first().waitFor(SHOWN);
  });

  it("stand in the context menu of such a file, and of no other", async () => {
    await window.lineShowing("three").click({ button: "right" });
    await menuItem("Accept Changes in File").waitFor(SHOWN);
    await window.page.keyboard.press("Escape");
    await open("other.txt");
    await window.lineShowing("beta").click({ button: "right" });
    await menuItem("Kvasir").waitFor(SHOWN);
    expect(await menuItem("Accept Changes in File").count()).toBe(0);
    await window.page.keyboard.press("Escape");
  });

  it("decide about everything in the view of all changes, and in no other such view", async () => {
    await window.runCommand("Kvasir: Review Changes");
    await tab("Kvasir: Changes to Review").waitFor(SHOWN);
    await titleButton("Reject All Changes").first().waitFor(SHOWN);
    const pair = { original: join(link, "other.txt"), modified: join(link, "changed.txt") };
    await window.probe.call("showPair", { title: "Of somebody else", ...pair });
    await tab("Of somebody else").waitFor(SHOWN);
    await expect.poll(() => titleButton("Reject All Changes").count()).toBe(0);
  });

  it("settle nothing where that cannot be kept, and say so in a sentence", async () => {
    const review = readdirSync(session.userFolder, { encoding: "utf8", recursive: true }).find(
      (path) => path.endsWith(join("checkpoints", "review")),
    );
    if (review === undefined) throw new Error("Nothing was kept for review.");
    // Nobody can write a file where a folder is, as nobody can where the disk is full.
    mkdirSync(join(session.userFolder, review, "index.json.unfinished"));
    await window.runCommand("Kvasir: Accept All Changes");
    const told = window.page.locator(".notification-toast", {
      hasText: "That could not be done with the changes of Kvasir; the log has the details.",
    });
    await told.waitFor(SHOWN);
    expect((await status().innerText()).trim()).toBe("1 file to review");
  });
});
