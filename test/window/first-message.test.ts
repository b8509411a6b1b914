import { afterEach, beforeEach, expect, it } from "vitest";
import { MemoryFiles } from "../../cli/bench/memory-files.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import type { GenerateEvent } from "../../protocol/generate.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";
import { attached, windowOver } from "../support/open-window.ts";

let sidecar: InProcessSidecar;
let files: MemoryFiles;
let notices: string[];
let window: ContextWindow;

beforeEach(async () => {
  // The simulated model has one token per character.
  sidecar = await InProcessSidecar.start({ windowTokens: 1_200 });
  files = new MemoryFiles();
  notices = [];
  window = windowOver(sidecar, files, {
    isModelLoaded: () => false,
    onNotice: (sentence) => notices.push(sentence),
  });
});
afterEach(() => sidecar.stop());

async function ask(onEvent: (event: GenerateEvent) => void = () => undefined): Promise<void> {
  files.write("large.ts", "x".repeat(700));
  const file = await attached(files, "large.ts");
  await window.beginTurn({ volatile: [], files: [file], message: "What is this?" });
  await window.generate({ sampling: {}, maxTokens: 40, onEvent });
}

it("is fitted once it has loaded the model, also where the whole prompt would have room", async () => {
  await ask();
  expect(notices).toEqual([expect.stringContaining("“large.ts” was left out: it has 718 tokens")]);
  expect(sidecar.residentText).not.toContain("xxx");
  expect(window.state.files).toEqual([]);
});

it("tells whoever waits for its answer that the model is loaded", async () => {
  const shares: number[] = [];
  await ask((event) => {
    if (event.kind === "loading") shares.push(event.share);
  });
  expect(shares).toEqual([0, 0.5, 1]);
});

it("is fitted once, and what it shows stays from then on", async () => {
  await ask();
  const counted = (): number =>
    sidecar.sent.filter(({ method }) => method === "kvasir/context/count").length;
  expect(counted()).toBe(1);
  await window.generate({ sampling: {}, maxTokens: 40 });
  expect(counted()).toBe(1);
});
