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
    expect(await commandsLike(window, "Kvasir: Res")).toEqual(["Kvasir: Restart Sidecar"]);
    await window.probe.call("execute", { command: "kvasir.restoreCheckpoint" });
    await window.probe.call("execute", { command: "kvasir.undoLastTurn" });
    expect(await window.page.locator(".notification-toast").count()).toBe(0);
  });

  it("chooses it once it is trusted", async () => {
    await window.runCommand("Workspaces: Manage Workspace Trust");
    await window.page.getByRole("button", { name: "Trust", exact: true }).first().click();
    await expect.poll(() => window.probe.call("isTrusted"), { timeout: 10_000 }).toBe(true);
    await expect.poll(() => modelNames(window), { timeout: 10_000 }).toEqual(["the-folder"]);
    await window.screenshot("g-trusted");
    const commands = ["Kvasir: Restart Sidecar", "Kvasir: Restore Checkpoint"];
    expect((await commandsLike(window, "Kvasir: Res")).toSorted()).toEqual(commands);
  });
});

/** Commands that the palette offers and that begin like this. */
async function commandsLike({ page }: EditorWindow, words: string): Promise<string[]> {
  await page.keyboard.press("F1");
  await page.keyboard.type(words);
  const rows = page.locator(".quick-input-list .monaco-list-row", { hasText: words });
  await rows.first().waitFor();
  const titles = await rows.locator(".quick-input-list-label .label-name").allInnerTexts();
  await page.keyboard.press("Escape");
  return titles.map((title) => title.trim());
}

async function modelNames({ probe }: EditorWindow): Promise<string[]> {
  return (await probe.call("models")).map(({ name }) => name);
}
