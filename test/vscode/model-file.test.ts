import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";

const SETTLE_MS = 500;

describe("the model file", () => {
  let session: Session;
  let window: EditorWindow;
  let folder: string;

  beforeAll(async () => {
    session = await Session.start({ settings: { "kvasir.model.path": "" } });
    folder = session.makeWorkspace({ "readme.txt": "Nothing.\n" });
    window = await session.openWindow(folder);
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("is not even looked for while a setting makes no sense, which is named", async () => {
    await window.probe.call("configure", { "kvasir.model.threads": 0 });
    const answer = await window.ask("@kvasir Hello?");
    expect(answer).toContain("The configuration cannot be used: model.threads: ");
    await window.probe.call("configure", { "kvasir.model.threads": 1 });
  });

  it("is asked for when there is none", async () => {
    await window.waitForStatus(/^Kvasir: no model$/);
    const answer = await window.ask("Hello again?");
    await window.screenshot("h-no-model");
    expect(answer).toMatch(/No model .*\./);
    expect(answer).toContain("Select Model File");
  });

  it("can be chosen from there, and then answers", async () => {
    await window.answer.getByRole("button", { name: "Select Model File" }).click();
    const path = window.page.locator(".quick-input-widget input[type=text]").first();
    // The dialog still lists the folder that it starts in, and then puts that into the field.
    await window.page.locator(".quick-input-list .monaco-list-row").first().waitFor();
    await expect
      .poll(async () => {
        await path.fill(inject("tinyModel"));
        await window.page.waitForTimeout(SETTLE_MS);
        return await path.inputValue();
      })
      .toBe(inject("tinyModel"));
    await window.screenshot("h-choosing-a-model");
    await path.press("Enter");
    await window.waitForStatus(/Kvasir: unloaded/);
    await window.ask("And now?");
    await window.waitForStatus(/cached/);
    await window.screenshot("h-model-chosen");
    expect((await window.meter()).lastTurn.generatedTokens).toBe(48);
  });

  it("is reported when it is broken", async () => {
    const path = join(folder, "broken.gguf");
    writeFileSync(path, "This is no model.");
    await window.probe.call("configure", { "kvasir.model.path": path });
    const answer = await window.ask("And with this file?");
    await window.waitForStatus(/model failed/);
    await window.screenshot("i-broken-model");
    expect(answer).toContain("broken.gguf");
    expect(answer).toContain("Select Model File");
  });

  it("is reported when it is not there", async () => {
    const path = join(folder, "nowhere.gguf");
    await window.probe.call("configure", { "kvasir.model.path": path });
    const answer = await window.ask("And with that one?");
    await window.waitForStatus(/model failed/);
    await window.screenshot("i-missing-model");
    expect(answer).toContain("nowhere.gguf");
  });
});
