import { afterEach, beforeEach, expect, it } from "vitest";
import { MemoryFiles } from "../../cli/bench/memory-files.ts";
import { setTools } from "../../extension/context/change.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import { errorDataOf } from "../../protocol/errors.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";
import { attached, windowOver } from "../support/open-window.ts";

// The simulated model has one token per character.
const WINDOW_TOKENS = 1_200;
const ANSWER_TOKENS = 40;

let sidecar: InProcessSidecar;
let files: MemoryFiles;
let notices: string[];
/** What the model held when a notice came. */
let residentAtNotice: string;

beforeEach(async () => {
  sidecar = await start(WINDOW_TOKENS);
  files = new MemoryFiles();
  notices = [];
});
afterEach(() => sidecar.stop());

async function start(windowTokens: number): Promise<InProcessSidecar> {
  const answers = ["An answer of some thirty letters.", "They spoke of letters."];
  return await InProcessSidecar.start({ windowTokens, answers });
}

function open(summarises = false): ContextWindow {
  return windowOver(sidecar, files, {
    summarises: () => summarises,
    onNotice: (sentence) => {
      notices.push(sentence);
      residentAtNotice = sidecar.residentText;
    },
  });
}

async function talk(window: ContextWindow, message: string): Promise<void> {
  await window.beginTurn({ volatile: [], message });
  await window.generate({ sampling: {}, maxTokens: ANSWER_TOKENS });
}

it("makes room in a long chat while nobody waits, and says so before it does", async () => {
  const window = open();
  let turn = 0;
  while (notices.length === 0) {
    await talk(window, `Question number ${turn++}, which is not short at all.`);
    await window.settle();
    if (turn > 30) throw new Error("The chat never made room.");
  }
  expect(notices).toEqual([
    expect.stringMatching(/^This chat makes room by leaving out \d+ turns /),
  ]);
  // When the user was told, nothing had been prefilled again.
  expect(residentAtNotice).toContain("Question number 0");
  expect(sidecar.residentText).not.toContain("Question number 0");
  expect(sidecar.residentText).toContain("of this conversation were left out to make room");
  // What is told beforehand is what it costs.
  const [, reprefilled] = /; (\d+) tokens behind them/.exec(notices[0]!) ?? [];
  const { segments } = await window.count();
  const behind = window.state.context.segments
    .slice(3)
    .reduce((sum, { id }) => sum + segments[id]!, 0);
  expect(behind).toBe(Number(reprefilled));
});

it("makes room when it is asked to, and says what came of it", async () => {
  const window = open(true);
  const long = `${"word ".repeat(20)}.`;
  for (let turn = 0; turn < 3; turn++) await talk(window, `Question ${turn}: ${long}`);
  expect(await window.compact()).toEqual({ kind: "nothing" });
  for (let turn = 3; turn < 5; turn++) await talk(window, `Question ${turn}: ${long}`);
  const before = await window.count();
  const compacted = await window.compact();
  const after = await window.count();
  const total = ({ segments, toolsTokens }: typeof before): number =>
    Object.values(segments).reduce((sum, tokens) => sum + tokens, toolsTokens);
  expect(compacted).toEqual({
    kind: "compacted",
    beforeTokens: total(before),
    afterTokens: total(after),
  });
  expect(total(after)).toBeLessThan(total(before));
  expect(sidecar.residentText).toContain("They spoke of letters.");
  expect(sidecar.residentText).not.toContain("Question 2");
  expect(sidecar.residentText).toContain("Question 3");
  await window.beginTurn({ volatile: [], message: "Still there?" });
  const { usage } = await window.generate({ sampling: {}, maxTokens: ANSWER_TOKENS });
  expect(usage.prefilledTokens).toBeLessThan(60);
});

it("keeps everything when it is stopped before room was made", async () => {
  const window = open(true);
  const long = `${"word ".repeat(40)}.`;
  for (let turn = 0; turn < 4; turn++) await talk(window, `Question ${turn}: ${long}`);
  const { segments } = window.state.context;
  const stop = new AbortController();
  stop.abort();
  expect(await window.compact(stop.signal)).toEqual({ kind: "stopped" });
  expect(window.state.context.segments).toEqual(segments);
});

it("goes on in a chat that has made room, without prefilling it again", async () => {
  const window = open();
  for (let turn = 0; notices.length === 0; turn++) {
    await talk(window, `Question number ${turn}, which is not short at all.`);
    await window.settle();
  }
  await window.beginTurn({ volatile: [], message: "Still there?" });
  const { usage } = await window.generate({ sampling: {}, maxTokens: ANSWER_TOKENS });
  expect(usage.prefilledTokens).toBeLessThan(60);
});

it("has the model sum up what is left out, and leaves no trace of asking", async () => {
  await sidecar.stop();
  // Asking takes room too.
  sidecar = await start(3 * WINDOW_TOKENS);
  const window = open(true);
  for (let turn = 0; notices.length === 0; turn++) {
    await talk(window, `Question number ${turn}, which is not short at all.`);
    await window.settle();
  }
  expect(sidecar.residentText).toContain("In short:)\nThey spoke of letters.");
  expect(sidecar.residentText).not.toContain("say in at most 120 words");
  expect(sidecar.residentText).toBe(sidecar.textOf(window.state.context));
});

it("makes room in the middle of a turn when the prompt would not fit, and answers it", async () => {
  const window = open();
  for (let turn = 0; turn < 8; turn++) await talk(window, `Question number ${turn}, not so short.`);
  await talk(window, "A long one: ".repeat(50));
  expect(notices).toEqual([expect.stringContaining("This chat makes room")]);
  expect(sidecar.residentText).toContain("A long one: A long one:");
  expect(sidecar.residentText).not.toContain("Question number 0");
});

it("answers with what room there is when more was asked for, and leaves nothing out for it", async () => {
  const window = open();
  await window.beginTurn({ volatile: [], message: "Hello. ".repeat(40) });
  const { stop, segment } = await window.generate({ sampling: {}, maxTokens: 100_000 });
  expect([stop, segment.text]).toEqual(["end", "An answer of some thirty letters."]);
  expect(notices).toEqual([]);
  await window.beginTurn({ volatile: [], message: "x".repeat(750) });
  const room = WINDOW_TOKENS - (await window.warm()).promptTokens;
  expect(room).toBeLessThan(100);
  const asked = { sampling: {}, maxTokens: 100_000, roomTokens: room + 1 };
  await expect(window.generate(asked)).rejects.toThrow(/leaves \d+ of the window of 1200/u);
  await window.generate({ ...asked, roomTokens: room });
});

it("refuses what cannot be made to fit, and cuts nothing", async () => {
  const window = open();
  const refused = talk(window, "Much too long. ".repeat(100));
  const error: unknown = await refused.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(errorDataOf(error)?.kind).toBe("promptTooLong");
  expect(notices).toEqual([]);
});

it("leaves out an attached file that does not fit, says why, and answers without it", async () => {
  files.write("large.ts", "x".repeat(900));
  const window = open();
  const file = await attached(files, "large.ts");
  await window.beginTurn({ volatile: [], files: [file], message: "What is this?" });
  const { usage } = await window.generate({ sampling: {}, maxTokens: ANSWER_TOKENS });
  expect(usage.generatedTokens).toBeGreaterThan(0);
  expect(notices).toEqual([expect.stringContaining("“large.ts” was left out: it has 918 tokens")]);
  expect(sidecar.residentText).not.toContain("xxx");
});

it("says once that the tools take more than their part of the window", async () => {
  const window = open();
  const tool = { name: "look", description: "Looks. ".repeat(40) };
  window.update((state) => ({ ...state, context: setTools(state.context, [tool]) }));
  await talk(window, "Hello");
  await talk(window, "Again");
  expect(notices).toEqual([
    expect.stringMatching(
      /^The tools take \d+ tokens of every prompt, and this window has room for/u,
    ),
  ]);
});
