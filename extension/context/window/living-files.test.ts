import { describe, expect, it } from "vitest";
import { view } from "../living/file-view.test-support.ts";
import { readableText } from "../living/readable-text.ts";
import { beginTurn } from "./begin-turn.ts";
import { commitWhenDone } from "./commit.ts";
import { fold } from "./fold.ts";
import { followFile } from "./follow-files.ts";
import { admitFiles } from "./show-files.ts";
import { answered, openedWindow, texts } from "./window.test-support.ts";
import type { WindowState } from "./window-state.ts";

const NAMES = Array.from({ length: 12 }, (_, index) => `f${index}`);

function withFiles(names: readonly string[], text: string): WindowState {
  const files = names.map((uri) => ({ uri, view: { ...view(text), label: uri } }));
  const begun = beginTurn(openedWindow(), { volatile: [], files, message: "Why?" });
  return commitWhenDone(answered(begun, "So."));
}

function edited(window: WindowState, uri: string, text: string): WindowState {
  const content = readableText(text);
  return followFile(window, uri, { uri, label: uri, language: "ts", content });
}

function asked(window: WindowState): WindowState {
  return beginTurn(window, { volatile: [], message: "And?" });
}

const shown = withFiles(["f0"], "one\ntwo\n");

describe("a file in the window", () => {
  it("is not shown again when it is attached again", () => {
    const files = [{ uri: "f0", view: { ...view("one\ntwo\n"), label: "f0" } }];
    const again = beginTurn(shown, { volatile: [], files, message: "And?" });
    expect(texts(again).filter((text) => text.startsWith("f0\n"))).toHaveLength(1);
  });

  it("is not shown again when some of its lines are attached", () => {
    const lines = { start: 0, end: 1 };
    const files = [{ uri: "f0", view: { ...view("one\ntwo\n", lines), label: "f0" } }];
    expect(beginTurn(shown, { volatile: [], files, message: "And?" }).files).toHaveLength(1);
  });

  it("is not told about while it does not change", () => {
    expect(texts(asked(edited(shown, "f0", "one\r\ntwo\r\n"))).slice(0, -1)).toEqual(texts(shown));
  });

  it("has its change told behind everything else, before the next message", () => {
    const next = asked(edited(shown, "f0", "one\n2\n"));
    const before = texts(shown);
    expect(texts(next).slice(0, before.length)).toEqual(before);
    expect(texts(next).slice(before.length)).toEqual([
      "f0 has changed since it was shown above.\nLines 1–3 now read:\n```ts\none\n2\n```",
      "And?",
    ]);
  });

  it("has rapid changes told as one", () => {
    let window = shown;
    for (let count = 0; count < 5_000; count++) window = edited(window, "f0", `one\n${count}\n`);
    const next = asked(window);
    expect(next.context.segments).toHaveLength(shown.context.segments.length + 2);
    expect(texts(next).at(-2)).toContain("4999");
  });

  it("has each change told relative to what was told before", () => {
    const once = asked(edited(shown, "f0", "one\n2\n"));
    const twice = asked(edited(commitWhenDone(answered(once, "So.")), "f0", "1\n2\n"));
    expect(texts(twice).at(-2)).toContain("Lines 1–2 now read:\n```ts\n1\n2\n```");
  });

  it("is written in place by a fold, without its errata", () => {
    const told = commitWhenDone(answered(asked(edited(shown, "f0", "one\n2\n")), "So."));
    const { window, fromIndex } = fold(told);
    expect(fromIndex).toBe(3);
    expect(texts(window)[3]).toBe("f0\n```ts\none\n2\n```\n");
    expect(texts(window).some((text) => text.includes("has changed"))).toBe(false);
    expect(fold(window).fromIndex).toBeNull();
  });

  it("is written in place by a fold even before its change was told", () => {
    const { window } = fold(edited(shown, "f0", "one\n2\n"));
    expect(texts(window)[3]).toContain("2");
    expect(texts(asked(window)).slice(0, -1)).toEqual(texts(window));
  });

  it("is shown under its new name, and said to be gone when it is", () => {
    const content = { kind: "missing", reason: "it was deleted" } as const;
    const gone = followFile(shown, "f0", { uri: "f0", label: "f0", language: "", content });
    expect(texts(asked(gone)).at(-2)).toBe(
      "f0: what was shown of it above no longer holds: it was deleted.",
    );
    expect(texts(fold(gone).window)[3]).toBe("f0\n(It cannot be shown: it was deleted.)\n");
  });
});

it("leaves out files for which a chat has no place, with a reason, and none that it shows", () => {
  const files = Array.from({ length: 70 }, (_, index) => ({
    uri: `f${index}`,
    view: { ...view("x\n"), label: `f${index}` },
  }));
  const { files: admitted, refusals } = admitFiles(shown, files);
  // One of the places is taken by the first of them.
  expect(admitted.map(({ uri }) => uri)).toEqual(files.slice(1, 64).map(({ uri }) => uri));
  expect(refusals).toHaveLength(6);
  expect(refusals[0]).toBe("“f64” was left out: a chat follows 64 files at most.");
});

describe("changes that are too much to be told", () => {
  const isFolded = (window: WindowState): boolean =>
    window.files.every(({ pending, errataIds }) => pending === null && errataIds.length === 0);

  it("are written in place when one is too long", () => {
    const next = asked(edited(shown, "f0", "line\n".repeat(1_000)));
    expect(isFolded(next)).toBe(true);
    expect(texts(next)[3]).toContain("line\nline");
    expect(texts(next).at(-1)).toBe("And?");
  });

  it("are written in place when there are too many", () => {
    let window = withFiles(NAMES, "one\ntwo\n");
    for (const uri of NAMES.slice(0, 8)) window = edited(window, uri, "one\n2\n");
    window = commitWhenDone(answered(asked(window), "So."));
    expect(isFolded(window)).toBe(false);
    expect(isFolded(asked(edited(window, "f8", "one\n2\n")))).toBe(true);
  });

  it("are written in place when they are too long together", () => {
    let window = withFiles(NAMES.slice(0, 5), "one\ntwo\n");
    for (const uri of NAMES.slice(0, 5)) window = edited(window, uri, "line\n".repeat(600));
    expect(isFolded(asked(window))).toBe(true);
  });

  it("are still told where they are not", () => {
    let window = withFiles(NAMES.slice(0, 3), "one\ntwo\n");
    for (const uri of NAMES.slice(0, 3)) window = edited(window, uri, "line\n".repeat(600));
    expect(isFolded(asked(window))).toBe(false);
  });
});
