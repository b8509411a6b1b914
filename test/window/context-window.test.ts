import { beforeEach, expect, it } from "vitest";
import { MemoryFiles } from "../../cli/bench/memory-files.ts";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import { CountTokens } from "../../protocol/model.ts";
import { reusedTokens } from "../../protocol/usage.ts";
import { windowOver } from "../support/open-window.ts";
import { startSidecar, stopSidecarsAfterEach } from "../support/sidecar.ts";

stopSidecarsAfterEach();

const greedy = { sampling: { temperature: 0 }, maxTokens: 8 };

let sidecar: SidecarProcess;
let files: MemoryFiles;
let window: ContextWindow;

beforeEach(async () => {
  sidecar = await startSidecar({ threads: 1 });
  files = new MemoryFiles();
  window = windowOver(sidecar, files);
});

async function begin(message: string, state: string): Promise<void> {
  await window.beginTurn({ volatile: [{ name: "State", text: state }], message });
}

it("prefills in a turn only what is new, whether or not a volatile part has changed", async () => {
  await begin("One?", "calm");
  const first = await window.generate(greedy);
  await begin("Two?", "calm");
  const same = await window.generate(greedy);
  await begin("Three?", "stormy");
  const changed = await window.generate(greedy);
  for (const [earlier, later] of [
    [first, same],
    [same, changed],
  ] as const) {
    // All but the last generated token, which was sampled and not decoded.
    const resident = earlier.usage.promptTokens + earlier.usage.generatedTokens - 1;
    expect(reusedTokens(later.usage)).toBe(resident);
  }
});

it("prefills what folding has moved while nobody waits, and only the message in the turn", async () => {
  await begin("One?", "calm");
  await window.generate(greedy);
  await begin("Two?", "stormy");
  await window.generate(greedy);
  const { folded, usage: folding } = await window.settle();
  expect(folded).toBe(true);
  expect(folding!.prefilledTokens).toBeGreaterThan(10);
  await begin("Three?", "stormy");
  const { usage } = await window.generate(greedy);
  const [words] = (await sidecar.request(CountTokens, { texts: ["Three?"] })).counts;
  // The message, and what the template puts around it.
  expect(usage.prefilledTokens).toBeLessThan(words! + 20);
});

it("counts its parts exactly, without sending their text", async () => {
  await begin("One?", "calm");
  await window.warm();
  const { segments, windowTokens } = await window.count();
  const { context } = window.state;
  const texts = context.segments.map(({ text }) => text);
  const { counts } = await sidecar.request(CountTokens, { texts });
  expect(context.segments.map(({ id }) => segments[id])).toEqual(counts);
  expect(windowTokens).toBe(2_048);
});
