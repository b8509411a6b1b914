import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { MemoryFiles } from "../../cli/bench/memory-files.ts";
import { openWindow } from "../../extension/context/window/open-window.ts";
import type { WindowState } from "../../extension/context/window/window-state.ts";
import { FolderStore } from "../../extension/vscode/folder-store.ts";
import { ContextWindow } from "../../extension/window/context-window.ts";
import { SessionStore } from "../../extension/window/session-store.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";
import { attached } from "../support/open-window.ts";

const ID = "0b7b4c1e-3f6a-4c1d-9f5e-2a7d8c9e0f12";

let folder: string;
let files: MemoryFiles;
let sidecar: InProcessSidecar;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-chats-"));
  files = new MemoryFiles();
  sidecar = await InProcessSidecar.start();
});
afterEach(async () => {
  await sidecar.stop();
  rmSync(folder, { recursive: true, force: true });
});

function windowOf(state: WindowState): ContextWindow {
  const options = {
    connection: sidecar,
    files,
    isModelLoaded: () => true,
    summarises: () => false,
    onNotice: () => undefined,
    onStale: () => undefined,
  };
  return new ContextWindow(options, state);
}

async function talk(window: ContextWindow, message: string): Promise<void> {
  const volatile = [{ name: "State", text: "calm" }];
  await window.beginTurn({ volatile, message });
  await window.generate({ sampling: {} });
}

const opened = openWindow({
  id: ID,
  instructions: "Be brief.",
  guidance: [],
  tools: [],
  startedOn: "2026-01-31",
  transition: "agentCycle",
});

it("continues a chat in another window, with its ids and with what has changed meanwhile", async () => {
  files.write("a.ts", "one\n");
  const window = windowOf(opened);
  const file = await attached(files, "a.ts");
  await window.beginTurn({ volatile: [], files: [file], message: "What is this?" });
  await window.generate({ sampling: {} });
  await talk(window, "And then?");
  await new SessionStore(new FolderStore(folder)).save({
    id: ID,
    title: "What is this?",
    name: null,
    turns: [],
    window: window.state,
  });
  const generated = window.state.context.segments.filter(({ role }) => role === "assistant");

  // Another window, another sidecar, and a file that went on.
  await sidecar.stop();
  sidecar = await InProcessSidecar.start();
  files.write("a.ts", "two\n");
  const loaded = await new SessionStore(new FolderStore(folder)).load(ID);
  if (loaded.kind !== "found") throw new Error(loaded.kind);
  const again = windowOf(loaded.session.window);
  await talk(again, "Still there?");
  expect(again.state.turn).toBe(3);
  const text = sidecar.residentText;
  expect(text).toContain("And then?");
  expect(text).toContain("a.ts has changed since it was shown above.");
  expect(text.indexOf("calm")).toBe(text.lastIndexOf("calm"));
  const kept = again.state.context.segments.filter(({ role }) => role === "assistant");
  expect(kept.slice(0, 2)).toEqual(generated);
  const ids = again.state.context.segments.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  // The ids that the first window's model generated are what the second one's has read.
  const { tokens } = generated[0]!.role === "assistant" ? generated[0]!.generated! : { tokens: [] };
  expect(sidecar.engine.cells.resident().join()).toContain(tokens.join());
});
