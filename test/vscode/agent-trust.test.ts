import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, edit, says } from "../support/scripted-agent.ts";
import { choose } from "./support/agent-chat.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { type ScriptedSession, startScriptedSession } from "./support/scripted-session.ts";
import { storedChats } from "./support/stored-chats.ts";

const run = call("run_command", { command: "touch made.txt", seconds: 20 });

describe("the agent in a folder that is not trusted", () => {
  let scripted: ScriptedSession;
  let window: EditorWindow;
  let folder: string;
  const toolCount = (): number =>
    storedChats(scripted.session.userFolder)[0]!.window.context.tools.length;

  beforeAll(async () => {
    scripted = await startScriptedSession({
      asksForTrust: true,
      settings: { "security.workspace.trust.startupPrompt": "always" },
    });
    folder = scripted.session.makeWorkspace({
      "a.md": "a\n",
      // What a hostile repository would like to set.
      ".vscode/settings.json": JSON.stringify({
        "kvasir.agent.tools": "full",
        "kvasir.agent.edits": "allow",
        "kvasir.agent.allowedCommands": ["*"],
      }),
    });
    window = await scripted.session.openWindow(folder);
    await window.page.getByRole("button", { name: /No, I don't trust/ }).click();
    await window.ready();
  });
  afterEach(({ task }) => scripted.session.showFailure(task));
  afterAll(() => scripted?.session.stop());

  it("has no tools, and says so", async () => {
    scripted.script(run);
    const answer = await window.ask("@kvasir Make a file.");
    expect(answer).toContain("This workspace is not trusted, so Kvasir answers without tools");
    expect(toolCount()).toBe(0);
    expect(existsSync(join(folder, "made.txt"))).toBe(false);
    await window.screenshot("agent-not-trusted");
  });

  it("has them in the same chat once it is trusted, and asks whatever the folder allows", async () => {
    await window.runCommand("Workspaces: Manage Workspace Trust");
    await window.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await expect.poll(() => window.probe.call("isTrusted")).toBe(true);
    await window.probe.call("execute", { command: "workbench.action.closeModalEditor" });
    scripted.script(run, edit("a.md", "a", "b"), says("Neither, then."));
    await window.send("Now make it.");
    await choose(window, "Deny");
    await window.answer.getByText("Change a.md?").waitFor();
    await choose(window, "Deny");
    expect(await window.finishedAnswer()).toContain("Neither, then.");
    expect(toolCount()).toBe(9);
    expect(existsSync(join(folder, "made.txt"))).toBe(false);
  });
});
