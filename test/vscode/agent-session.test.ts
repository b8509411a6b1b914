import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SavedSession } from "../../extension/window/stored-session.ts";
import { call, calls, finish, read, says } from "../support/scripted-agent.ts";
import { choose } from "./support/agent-chat.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { type ScriptedSession, startScriptedSession } from "./support/scripted-session.ts";
import { messagesIn, storedChats } from "./support/stored-chats.ts";
import { waitFor } from "./support/wait-for.ts";

const LINES = Array.from({ length: 40 }, (_, line) => `export const a${line} = ${line};`);

describe("a chat with the agent", () => {
  let scripted: ScriptedSession;
  let window: EditorWindow;
  let folder: string;
  const stored = (): SavedSession => {
    const [latest] = storedChats(scripted.session.userFolder);
    if (latest === undefined) throw new Error("No chat is stored.");
    return latest;
  };
  const texts = (): string[] => stored().window.context.segments.map(({ text }) => text);

  beforeAll(async () => {
    scripted = await startScriptedSession();
    folder = scripted.session.makeWorkspace({
      "a.ts": `${LINES.join("\n")}\n`,
      "AGENTS.md": "Write short names.\n",
      "deep/AGENTS.md": "Write long names.\n",
      "deep/b.ts": "let b = 1;\n",
    });
    window = await scripted.session.openWindow(folder, "a.ts");
    await window.ready();
    scripted.script(says("Hello!"));
    await window.ask("@kvasir Hello?");
  });
  beforeEach(() => window.newChat());
  afterEach(({ task }) => scripted.session.showFailure(task));
  afterAll(() => scripted?.session.stop());

  it("begins with the rules of the workspace, and is told those of a folder with its first file", async () => {
    scripted.script(read("deep/b.ts"), read("a.ts"), says("Read."));
    await window.ask("Read both.");
    const [instructions, rules] = texts();
    expect(instructions).toContain("You are Kvasir, a coding agent.");
    expect(rules).toContain("Write short names.");
    expect(texts().filter((text) => text.includes("Write long names."))).toHaveLength(1);
    expect(stored().window.context.tools.map(({ name }) => name)).toContain("run_command");
  });

  it("reads what has not been saved, and keeps what was attached true", async () => {
    await window.attachOpenFile();
    const text = "export const a20 = 'typed and not saved';";
    await window.probe.call("editLine", { path: "a.ts", line: 20, text });
    scripted.script(
      call("read_file", { path: "a.ts", start_line: 20, end_line: 22 }),
      says("It stands above."),
    );
    await window.ask("What is line 21?");
    // Attached as it is, so that its lines need not be shown a second time.
    expect(texts().filter((each) => each.includes(text))).toHaveLength(1);
    expect(texts().some((each) => each.includes("Lines 20–22 of a.ts stand above"))).toBe(true);
    await window.probe.call("execute", { command: "workbench.action.files.revert" });
  });

  it("goes back to before a message that is sent again, and reuses what stands before it", async () => {
    scripted.script(
      calls(
        ["read_file", { path: "a.ts", start_line: 1, end_line: 0 }],
        ["list_files", { glob: "" }],
      ),
      call("search_text", { regex: "a7", glob: "" }),
      finish("Looked around."),
    );
    await window.ask("Look around.");
    const first = stored();
    scripted.script(read("deep/b.ts"), says("The first try."));
    await window.ask("Look deeper.");
    expect(stored().turns.map(({ prompt }) => prompt)).toEqual(["Look around.", "Look deeper."]);
    scripted.script(says("The second try."));
    await window.answer.hover();
    await window.answer.locator(".codicon-refresh").first().click();
    await waitFor("the second try", async () =>
      (await window.answer.innerText()).includes("The second try."),
    );
    await window.finishedAnswer();
    const again = await waitFor("it to be stored", () =>
      JSON.stringify(stored()).includes("The second try.") ? stored() : null,
    );
    expect(again.turns.map(({ prompt }) => prompt)).toEqual(["Look around.", "Look deeper."]);
    expect(messagesIn(again)).toEqual(["Look around.", "Look deeper."]);
    const kept = first.window.context.segments;
    expect(again.window.context.segments.slice(0, kept.length)).toEqual(kept);
    expect(JSON.stringify(again)).not.toContain("The first try.");
    expect(JSON.stringify(again)).not.toContain("let b = 1;");
    const { lastTurn } = await window.meter();
    expect(lastTurn.prefilledTokens).toBeLessThan(100);
    expect(lastTurn.reusedTokens).toBeGreaterThan(1_000);
  });

  it("goes on with a turn whose sidecar dies while a command runs", async () => {
    const command = "touch asleep; until [ -e alarm ]; do sleep 0.1; done";
    scripted.script(call("run_command", { command, seconds: 60 }), says("Slept well."));
    await window.send("Sleep.");
    await choose(window, "Allow Once");
    await waitFor("the command to run", () => existsSync(join(folder, "asleep")));
    const killed = window.sidecarId;
    if (killed === null) throw new Error("There is no sidecar.");
    process.kill(killed, "SIGKILL");
    await waitFor("another sidecar", () => ![null, killed].includes(window.sidecarId));
    writeFileSync(join(folder, "alarm"), "");
    expect(await window.finishedAnswer()).toContain("Slept well.");
    await window.dismissNotifications();
  });

  it("keeps what a turn has done when its model dies, and goes on behind it", async () => {
    scripted.script(read("a.ts"), { text: "Well, ", open: true });
    await window.send("Tell me a lot.");
    await waitFor("some text", async () => (await window.answer.innerText()).includes("Well, "));
    const killed = window.sidecarId;
    if (killed === null) throw new Error("There is no sidecar.");
    process.kill(killed, "SIGKILL");
    expect(await window.finishedAnswer()).toContain("The Kvasir sidecar stopped before");
    await window.dismissNotifications();
    scripted.script(says("I have read it."));
    await window.ask("What have you done?");
    expect(stored().turns.map(({ prompt }) => prompt)).toEqual([
      "Tell me a lot.",
      "What have you done?",
    ]);
    expect(texts().some((text) => text.includes(LINES[7]!))).toBe(true);
  });

  it("answers without tools once they are switched off, and with them when they are back", async () => {
    scripted.script(read("a.ts"), says("With tools."));
    await window.ask("Read it.");
    await window.probe.call("configure", { "kvasir.agent.tools": "none" });
    scripted.script(says("Without tools."));
    expect(await window.ask("And now?")).toContain("Without tools.");
    await window.probe.call("configure", { "kvasir.agent.tools": "minimal" });
    scripted.script(read("deep/b.ts"), says("With some."));
    expect(await window.ask("And now again?")).toContain("With some.");
    const { tools } = stored().window.context;
    expect(tools.map(({ name }) => name)).toEqual(["read_file", "edit_file", "finish"]);
    await window.probe.call("configure", { "kvasir.agent.tools": "full" });
  });
});
