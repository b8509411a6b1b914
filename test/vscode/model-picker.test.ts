import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";
import { waitFor } from "./support/wait-for.ts";

const EDITORS_AGENT = "GitHub.copilot-chat";
const AGENT_MS_MAX = 60_000;

describe("the model picker", () => {
  let session: Session;
  let window: EditorWindow;

  beforeAll(async () => {
    // The editor's own agent says thousands of tokens before the user says one.
    session = await Session.start({
      settings: {
        "kvasir.model.path": inject("benchModel"),
        "kvasir.model.contextTokens": 32_768,
        "kvasir.model.threads": null,
        "kvasir.answer.maxTokens": 16,
        "chat.agent.enabled": false,
      },
    });
    // With a model of their own, users need not sign in to the editor's agent.
    const userFolder = join(session.userFolder, "User");
    mkdirSync(userFolder, { recursive: true });
    writeFileSync(
      join(userFolder, "chatLanguageModels.json"),
      JSON.stringify([{ vendor: "kvasir", name: "Kvasir" }]),
    );
    window = await session.openWindow(session.makeWorkspace({ "readme.txt": "Nothing.\n" }));
    await window.ready();
    // This host leaves the editor's own agent disabled until it is asked for.
    await window.runCommand("Extensions: Enable All Extensions");
    await waitFor(
      "the editor's own agent",
      () => window.probe.call("isActive", EDITORS_AGENT),
      AGENT_MS_MAX,
    );
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("offers the model by the name of its file", async () => {
    await window.openModelPicker();
    const item = window.page
      .locator(".action-widget, .context-view", { hasText: /bench-/ })
      .first();
    await item.waitFor();
    await window.screenshot("c-model-picker");
    await item
      .getByText(/^bench-/)
      .first()
      .click();
    await expect.poll(() => window.modelName()).toMatch(/^bench-/);
  });

  it("lets the chosen model answer without naming @kvasir", async () => {
    const answer = await window.ask("Hello there");
    await window.screenshot("c-asked-without-kvasir");
    expect(answer).not.toMatch(/failed|sign in/i);
    await window.waitForStatus(/cached/);
    expect((await window.meter()).lastTurn.generatedTokens).toBeGreaterThan(0);
  });

  it("shows what went wrong as one sentence, without a stack", async () => {
    await window.probe.call("configure", { "kvasir.model.contextTokens": 512 });
    const answer = await window.ask("Hello once more");
    await window.screenshot("c-prompt-too-long");
    expect(answer).toMatch(/The prompt has \d+ tokens and the window holds 512\./);
    expect(answer).not.toContain("extension.cjs");
  });
});
