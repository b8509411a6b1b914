import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { isAlive } from "./support/processes.ts";
import { Session } from "./support/session.ts";

const LONG_ANSWER_TOKENS = 6_000;

describe("windows", () => {
  let session: Session;
  let folder: string;
  let window: EditorWindow;

  beforeAll(async () => {
    session = await Session.start();
    folder = session.makeWorkspace({ "readme.txt": "One.\n" });
    window = await session.openWindow(folder);
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("take their sidecar with them when they are closed", async () => {
    await window.ask("@kvasir Who are you?");
    const sidecar = sidecarOf(window);
    await window.close();
    await expect.poll(() => isAlive(sidecar)).toBe(false);
  });

  it("answer again when they are opened again", async () => {
    window = await session.openWindow(folder);
    await window.ready();
    await window.ask("@kvasir Do you remember me?");
    await window.waitForStatus(/cached/);
    await window.screenshot("f-reopened");
    expect((await window.meter()).session.generatedTokens).toBe(48);
  });

  it("have a sidecar and a meter each, and answer at the same time", async () => {
    const other = await session.openWindow(session.makeWorkspace({ "readme.txt": "Two.\n" }));
    await other.ready();
    const before = (await window.meter()).session;
    await other.send("@kvasir And who are you?");
    await window.send("Still there?");
    await Promise.all([other.finishedAnswer(), window.finishedAnswer()]);
    await Promise.all([other.waitForStatus(/cached/), window.waitForStatus(/cached/)]);
    expect(sidecarOf(other)).not.toBe(sidecarOf(window));
    const [here, there] = [await window.meter(), await other.meter()];
    expect(here.session.generatedTokens).toBe(before.generatedTokens + 48);
    expect(there.session).toMatchObject({ reusedTokens: 0, generatedTokens: 48 });
    await window.screenshot("j-first-of-two-windows");
    await other.screenshot("j-second-of-two-windows");
    await other.close();
  });

  it("leave no sidecar behind when their extension host is killed in mid-answer", async () => {
    await window.probe.call("configure", { "kvasir.answer.maxTokens": LONG_ANSWER_TOKENS });
    await window.send("Tell me everything.");
    await window.waitForStatus(/answering/);
    const sidecar = sidecarOf(window);
    process.kill(window.probe.hostId, "SIGKILL");
    await expect.poll(() => isAlive(sidecar)).toBe(false);
    await window.screenshot("extension-host-killed");
  });

  it("leave no sidecar behind when the editor itself is ended", async () => {
    const last = await session.openWindow(session.makeWorkspace({ "readme.txt": "Three.\n" }));
    await last.ready();
    await last.probe.call("configure", { "kvasir.answer.maxTokens": LONG_ANSWER_TOKENS });
    await last.send("@kvasir Goodbye.");
    await last.waitForStatus(/answering/);
    const sidecar = sidecarOf(last);
    await session.stop();
    await expect.poll(() => isAlive(sidecar)).toBe(false);
  });
});

function sidecarOf(window: EditorWindow): number {
  if (window.sidecarId === null) throw new Error("The window has no sidecar.");
  return window.sidecarId;
}
