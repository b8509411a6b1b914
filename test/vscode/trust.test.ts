import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";

describe("a folder that is not trusted", () => {
  let session: Session;
  let window: EditorWindow;

  beforeAll(async () => {
    session = await Session.start({
      asksForTrust: true,
      settings: { "security.workspace.trust.startupPrompt": "always" },
    });
    const folder = session.makeWorkspace({
      ".vscode/settings.json": JSON.stringify({
        "kvasir.model.path": "/chosen/by/the-folder.gguf",
      }),
    });
    window = await session.openWindow(folder);
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("does not choose the model file", async () => {
    await window.page.getByRole("button", { name: /No, I don't trust/ }).click();
    await window.ready();
    expect(await window.probe.call("isTrusted")).toBe(false);
    expect(await modelNames(window)).toEqual([expect.stringMatching(/^tiny-/)]);
    const { texts, error } = await window.probe.call("ask", { prompt: "Hello?" });
    expect({ error, answered: texts.length > 0 }).toEqual({ error: null, answered: true });
    await window.screenshot("g-restricted");
  });

  it("has no turns to take back, by no way", async () => {
    await expectCommands(window, "Kvasir: Res", ["Kvasir: Restart Sidecar"]);
    await window.probe.call("execute", { command: "kvasir.restoreCheckpoint" });
    await window.probe.call("execute", { command: "kvasir.undoLastTurn" });
    // Drawn behind whatever would have been said by then.
    await window.probe.call("notify", "This is all.");
    const toasts = window.page.locator(".notification-toast");
    await toasts.getByText("This is all.").waitFor();
    expect(await toasts.count()).toBe(1);
    await window.dismissNotifications();
  });

  it("chooses it once it is trusted", async () => {
    await window.runCommand("Workspaces: Manage Workspace Trust");
    await window.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await expect.poll(() => window.probe.call("isTrusted")).toBe(true);
    await expect.poll(() => modelNames(window)).toEqual(["the-folder"]);
    await window.screenshot("g-trusted");
    const commands = ["Kvasir: Restart Sidecar", "Kvasir: Restore Checkpoint"];
    await expectCommands(window, "Kvasir: Res", commands);
  });
});

/** Looks at the commands that the palette offers and that begin like this, in any order. */
async function expectCommands(
  window: EditorWindow,
  words: string,
  titles: readonly string[],
): Promise<void> {
  await window.searchCommands(words);
  const rows = window.page.locator(".quick-input-list .monaco-list-row", { hasText: words });
  const labels = rows.locator(".quick-input-list-label .label-name");
  await expect
    .poll(async () => (await labels.allInnerTexts()).map((label) => label.trim()).toSorted())
    .toEqual(titles);
  await window.page.keyboard.press("Escape");
}

async function modelNames({ probe }: EditorWindow): Promise<string[]> {
  return (await probe.call("models")).map(({ name }) => name);
}
