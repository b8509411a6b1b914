import { execFileSync } from "node:child_process";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, finish, read, says } from "../support/scripted-agent.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { type ScriptedSession, startScriptedSession } from "./support/scripted-session.ts";

const BOX = `import { Box } from "./types.ts";

export function boxSize(box: Box): number {
  const width = box.width;
  return width * 2;
}
`;
/** One for what is late, and some for a machine that has other work to do. */
const QUESTIONS_MAX = 6;
const CHECK = "grep -q 4 size.txt";

describe("what a chat is told of its workspace", () => {
  let scripted: ScriptedSession;
  let window: EditorWindow;

  beforeAll(async () => {
    scripted = await startScriptedSession({
      settings: { "kvasir.agent.edits": "allow", "kvasir.agent.allowedCommands": [CHECK] },
    });
    const folder = scripted.session.makeWorkspace({
      "src/box.ts": BOX,
      "src/types.ts": "export type Box = { width: number };\n",
      "size.txt": "3\n",
      ".editorconfig": "[*]\nindent_style = space\nindent_size = 2\n",
    });
    for (const args of [
      ["init", "--initial-branch=workbench"],
      ["add", "."],
    ]) {
      execFileSync("git", args, { cwd: folder, stdio: "ignore" });
    }
    window = await scripted.session.openWindow(folder, "src/box.ts");
    await window.ready();
    // The editor's own Git extension has looked at the folder.
    await window.page.locator(".statusbar-item", { hasText: "workbench" }).first().waitFor();
  });
  afterEach(({ task }) => scripted.session.showFailure(task));
  afterAll(() => scripted?.session.stop());

  /**
   * Asks until the meter has named all of these, and says which ones it has not. What is late is left out
   * of a turn and comes with one behind it; only the first one is read once, as a chat is opened.
   */
  const askUntilNamed = async (question: string, names: readonly string[]): Promise<string[]> => {
    let missing = new Set(names);
    for (let asked = 0; asked < QUESTIONS_MAX && missing.size > 0; asked++) {
      if (missing.has(names[0]!)) {
        await window.newChat();
        missing = new Set(names);
      }
      scripted.script(says("Yes."));
      await window.ask(`${question} Say it in ${asked + 1} words.`);
      const meter = await window.meterText();
      const [, prefilled = ""] = /Prefilled tokens by text: (.*)/u.exec(meter) ?? [];
      for (const [, name = ""] of prefilled.matchAll(/`([^`]+)` \(\d+/gu)) missing.delete(name);
    }
    return [...missing];
  };

  it("is named by the meter with what it cost", async () => {
    const names = ["Code style", "Search results", "Git status", "Imports"];
    expect(await askUntilNamed("@kvasir What does boxSize do?", names)).toEqual([]);
    await window.screenshot("surroundings");
  });

  it("costs nothing as long as it is the same", async () => {
    scripted.script(says("Because it has two sides."));
    await window.ask("And why?");
    const meter = await window.meterText();
    expect(meter).toMatch(/Prefilled tokens by text: .*`message \d+` \(\d+/u);
    expect(meter).not.toMatch(/Search results|Code style|Git status|Imports/u);
  });

  it("grows by what a failure has taught, which can be edited", async () => {
    scripted.script(
      call("run_command", { command: CHECK, seconds: 20 }),
      call("write_file", { path: "size.txt", content: "4\n" }),
      call("run_command", { command: CHECK, seconds: 20 }),
      finish("The size is 4."),
    );
    await window.ask("Make the check pass.");
    await window.runCommand("Kvasir: Edit Lessons");
    const editor = window.page.locator(".editor-instance .view-lines", { hasText: "Lessons" });
    await editor.waitFor();
    // The editor writes spaces that do not break lines.
    const shown = async () =>
      (await editor.innerText()).replaceAll("\u00A0", " ").replaceAll("\n", "");
    await expect
      .poll(shown)
      .toContain(`\`${CHECK}\` failed; it passed after a change of \`size.txt\`.`);
    await window.screenshot("lessons");
  });

  it("is told to the next chat on the same file with what it was about", async () => {
    scripted.script(read("src/box.ts"), says("It has no limit."));
    await window.ask("Does src/box.ts have a limit?");
    const names = ["Lessons", "Earlier sessions"];
    expect(await askUntilNamed("Is src/box.ts tested?", names)).toEqual([]);
  });
});
