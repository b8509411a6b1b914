import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, finish, read } from "../support/scripted-agent.ts";
import { answerWithSteps, choose } from "./support/agent-chat.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { type ScriptedSession, startScriptedSession } from "./support/scripted-session.ts";

const BOX = `export class Box {
  size = 0;

  grow(): void {
    this.size++;
  }

  isEmpty(): boolean {
    return this.size == 0;
  }
}
`;
const REVIEW_MS_MAX = 30_000;
/** Files are written, and views drawn, some time after a click. */
const NOTE = "A box has a length.\n";
const BOX_AFTER = BOX.replaceAll("size", "length").replace("==", "===");
/** All but the change in the method `isEmpty`, which is rejected. */
const BOX_REVIEWED = BOX_AFTER.replace("this.length === 0", "this.size == 0");

describe("a task in the chat, from its steps to its undo", () => {
  let scripted: ScriptedSession;
  let window: EditorWindow;
  let folder: string;
  const onDisk = (path: string): string | null =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : null;

  beforeAll(async () => {
    scripted = await startScriptedSession();
    folder = scripted.session.makeWorkspace({ "box.ts": BOX, "other.md": "Nothing of this.\n" });
    window = await scripted.session.openWindow(folder);
    await window.ready();
  });
  afterEach(({ task }) => scripted.session.showFailure(task));
  afterAll(() => scripted?.session.stop());

  it("is worked on in steps, once the user allows changes", async () => {
    const edits = [
      { search: "  size = 0;", replace: "  length = 0;" },
      { search: "this.size++", replace: "this.length++" },
      { search: "this.size == 0", replace: "this.length === 0" },
    ];
    scripted.script(
      read("box.ts"),
      call("edit_file", { path: "box.ts", edits }),
      call("write_file", { path: "note.md", content: NOTE }),
      finish("The size is called length now."),
    );
    await window.send("@kvasir Rename size to length.");
    await choose(window, "in this chat");
    const answer = await answerWithSteps(window);
    expect(answer).toMatch(/Reading\s+box\.ts\s+· 11 lines/);
    expect(answer).toMatch(/Editing\s+box\.ts\s+· 3 edits/);
    expect(answer).toContain("The size is called length now.");
    expect(answer).toMatch(/Changed\s+box\.ts\s+\+3 −3/);
    expect(answer).toMatch(/Created\s+note\.md\s+\+1 −0/);
    expect(onDisk("box.ts")).toBe(BOX_AFTER);
    expect(onDisk("note.md")).toBe(NOTE);
    await window.screenshot("agent-1-steps");
  });

  it("is reviewed in the editor's view of all changes, where one change is rejected", async () => {
    await choose(window, "Review Changes");
    const line = window.page.locator(".editor-instance .view-line", { hasText: /===/ }).last();
    await line.waitFor({ timeout: REVIEW_MS_MAX });
    await window.screenshot("agent-2-review");
    await line.click();
    await window.runCommand("Kvasir: Reject Change at Cursor");
    await expect.poll(() => onDisk("box.ts")).toBe(BOX_REVIEWED);
    expect(onDisk("note.md")).toBe(NOTE);
    await window.screenshot("agent-3-rejected");
  });

  it("keeps the rest when that is accepted", async () => {
    await window.runCommand("Kvasir: Accept All Changes");
    await expect.poll(() => window.page.getByText(/\d+ files? to review/).count()).toBe(0);
    expect(onDisk("box.ts")).toBe(BOX_REVIEWED);
    expect(onDisk("note.md")).toBe(NOTE);
    await window.screenshot("agent-4-accepted");
  });

  it("is taken back from the chat, and leaves every file as it was before", async () => {
    await choose(window, "Undo This Turn");
    await expect.poll(() => onDisk("note.md")).toBe(null);
    await expect.poll(() => onDisk("box.ts")).toBe(BOX);
    expect(onDisk("other.md")).toBe("Nothing of this.\n");
    await window.screenshot("agent-5-undone");
  });
});
