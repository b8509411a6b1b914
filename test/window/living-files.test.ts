import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { MemoryFiles } from "../../cli/bench/memory-files.ts";
import { readableText } from "../../extension/context/living/readable-text.ts";
import { shownText, textOfView } from "../../extension/context/living/file-view.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import { ChangeContext, OpenContext } from "../../protocol/context.ts";
import { Warm } from "../../protocol/warm.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";
import { attached, windowOver } from "../support/open-window.ts";

const SCRIPTS = 1_000;
const FILES = ["a.ts", "b.ts", "c.ts"];

let sidecar: InProcessSidecar;
let files: MemoryFiles;

beforeAll(async () => {
  sidecar = await InProcessSidecar.start({ windowTokens: 400_000 });
});
afterAll(() => sidecar.stop());
beforeEach(() => {
  files = new MemoryFiles();
});

const line = fc.constantFrom("one", "two", "three", "```", "", "😀");
const text = fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n"));
const uri = fc.constantFrom(...FILES);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("write" as const), uri, text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("flip" as const), uri, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("break" as const), uri, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), uri, text }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("attach" as const), uri, text }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("turn" as const), uri, text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("settle" as const), uri, text }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("goBack" as const), uri, text }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** The model must know every file as it is now: from its segment, or from notes behind it. */
async function expectTrue(window: ContextWindow): Promise<void> {
  const { state } = window;
  for (const { uri: name, segmentId, shown, pending, errataIds } of state.files) {
    expect(pending).toBeNull();
    const { content } = await files.read(name);
    expect(shown.content).toEqual(content);
    const segment = state.context.segments.find(({ id }) => id === segmentId);
    if (errataIds.length === 0) expect(segment?.text).toBe(textOfView(shown));
    else {
      const ids = state.context.segments.map(({ id }) => id);
      for (const id of errataIds) expect(ids.indexOf(id)).toBeGreaterThan(ids.indexOf(segmentId));
    }
  }
  // Going back leaves what stood behind resident, until something else is wanted there.
  expect(sidecar.residentText.startsWith(sidecar.textOf(state.context))).toBe(true);
}

let windows = 0;

async function run(steps: readonly Step[]): Promise<void> {
  files = new MemoryFiles();
  for (const name of FILES) files.write(name, "one\ntwo\nthree\nfour\nfive\nsix\n");
  const window = windowOver(sidecar, files, { id: `w${windows++}` });
  let past = window.state;
  for (const { kind, uri: name, text: written } of steps) {
    if (kind === "write") files.write(name, written);
    else if (kind === "flip") files.write(name, `\uFEFF${written.replaceAll("\n", "\r\n")}`);
    else if (kind === "break") files.write(name, `${written}\ud83d`);
    else if (kind === "remove") files.remove(name);
    else if (kind === "settle") await window.settle();
    else if (kind === "goBack") window.restore(past);
    else {
      past = window.state;
      const shown = kind === "attach" ? [await attached(files, name)] : [];
      await window.beginTurn({ volatile: [], files: shown, message: "Why?" });
      await window.warm();
      await expectTrue(window);
      await window.generate({ sampling: {}, maxTokens: 8 });
    }
  }
  await window.close();
}

it("never shows a model only the old text of a file, whatever happens to it", async () => {
  const scripts = fc.array(step, { minLength: 2, maxLength: 14 });
  const result = await fc.check(fc.asyncProperty(scripts, run), { numRuns: SCRIPTS });
  expect(fc.defaultReportMessage(result)).toBeUndefined();
});

describe("an edit of one line in a file of 10,000", () => {
  const big = Array.from({ length: 10_000 }, (_, number) => `  const value${number} = ${number};`);
  let window: ContextWindow;

  const begin = async (): Promise<void> => {
    files.write("big.ts", big.join("\n"));
    window = windowOver(sidecar, files, { id: `w${windows++}`, isModelLoaded: () => false });
    const file = await attached(files, "big.ts");
    await window.beginTurn({ volatile: [], files: [file], message: "Why?" });
    await window.sync();
    sidecar.sent.length = 0;
  };
  const edited = (): void =>
    files.write("big.ts", big.with(5_000, "  const value5000 = compute();").join("\n"));

  it("sends less than a kilobyte when it is told, and the whole file never again", async () => {
    await begin();
    edited();
    await window.beginTurn({ volatile: [], message: "And now?" });
    await window.sync();
    expect(sidecar.sent.map(({ method }) => method)).toEqual([ChangeContext.method]);
    expect(sidecar.sent[0]!.bytes).toBeLessThan(1_000);
    expect(JSON.stringify(sidecar.sent[0]!.params)).toContain("compute()");
  });

  it("sends less than a kilobyte when it is folded, and the whole file never again", async () => {
    await begin();
    edited();
    await window.settle();
    await window.sync();
    expect(sidecar.sent.map(({ method }) => method)).toEqual([ChangeContext.method]);
    expect(sidecar.sent[0]!.bytes).toBeLessThan(1_000);
    expect(sidecar.sent.some(({ method }) => method === OpenContext.method)).toBe(false);
  });

  it("sends nothing when only its line ends flip", async () => {
    await begin();
    files.write("big.ts", big.join("\r\n"));
    await window.settle();
    await window.sync();
    expect(sidecar.sent).toEqual([]);
  });
});

it("follows a file that is renamed", async () => {
  files.write("old.ts", "one\n");
  const window = windowOver(sidecar, files, { id: `w${windows++}` });
  const file = await attached(files, "old.ts");
  await window.beginTurn({ volatile: [], files: [file], message: "Why?" });
  await window.generate({ sampling: {} });
  files.rename("old.ts", "new.ts");
  await window.settle();
  expect(sidecar.residentText).toContain("new.ts\n```\none\n");
  files.write("new.ts", "two\n");
  await window.beginTurn({ volatile: [], message: "And?" });
  await window.warm();
  expect(sidecar.residentText).toContain("new.ts has changed");
  expect(shownText(window.state.files[0]!.shown)).toBe("two\n");
  expect(readableText("two\n")).toEqual(window.state.files[0]!.shown.content);
  await window.close();
});

it("prepares nothing where it may not, and tells the change with the next question", async () => {
  files.write("a.ts", "one\n");
  const mayPrepare = (): Promise<boolean> => Promise.resolve(false);
  const window = windowOver(sidecar, files, { id: `w${windows++}`, mayPrepare });
  const file = await attached(files, "a.ts");
  await window.beginTurn({ volatile: [], files: [file], message: "Why?" });
  await window.generate({ sampling: {} });
  files.write("a.ts", "two\n");
  expect(await window.settle()).toEqual({ folded: false, usage: null });
  await window.beginTurn({ volatile: [], message: "And?" });
  await window.warm();
  expect(sidecar.residentText).toContain("a.ts has changed");
});

it.each([
  ["a model in memory reads what is known so far", {}, [Warm.method]],
  ["a model that is not in memory is not loaded for it", { isModelLoaded: () => false }, []],
  ["nor may one work that must not", { mayPrepare: () => Promise.resolve(false) }, []],
])("ahead of a question, %s", async (_, options, asked) => {
  files.write("a.ts", "one\n");
  const window = windowOver(sidecar, files, { id: `w${windows++}`, ...options });
  const file = await attached(files, "a.ts");
  await window.beginTurn({ volatile: [], files: [file], message: "Wait for it." });
  sidecar.sent.length = 0;
  await window.prepare(new AbortController().signal);
  const warmed = sidecar.sent.filter(({ method }) => method === Warm.method);
  expect(warmed.map(({ method }) => method)).toEqual(asked);
  const read = asked.length > 0 && sidecar.residentText.includes("Wait for it.");
  expect(read).toBe(asked.length > 0);
  await window.close();
});
