import { describe, expect, it } from "vitest";
import { view } from "../living/file-view.test-support.ts";
import { readableText } from "../living/readable-text.ts";
import { beginTurn } from "./begin-turn.ts";
import { commitWhenDone } from "./commit.ts";
import { followFile } from "./follow-files.ts";
import { rewind } from "./rewind.ts";
import { answered, openedWindow, texts } from "./window.test-support.ts";
import type { WindowState } from "./window-state.ts";

const files = [{ uri: "f", view: { ...view("one\n"), label: "f" } }];

function turn(window: WindowState, message: string, state = "calm"): WindowState {
  const volatile = [{ name: "State", text: state }];
  return commitWhenDone(answered(beginTurn(window, { volatile, message }), `So: ${message}`));
}

const opened = openedWindow();
const first = commitWhenDone(
  answered(beginTurn(opened, { volatile: [], files, message: "One?" }), "So: One?"),
);
const lastOf = ({ context }: WindowState): string => context.segments.at(-1)!.id;

it("leaves what stood there at the time, and nothing behind it", () => {
  const back = rewind(turn(turn(first, "Two?"), "Three?", "stormy"), lastOf(first));
  expect(texts(back!)).toEqual(texts(first));
  expect(back).toMatchObject({ volatileParts: [], staleParts: [], files: first.files });
});

describe("what is told anew each turn", () => {
  const volatile = (window: WindowState): string[] =>
    texts(window).filter((text) => text.startsWith("State"));

  it.each([
    ["was taken back since", []],
    ["has changed since", [{ name: "State", text: "calm" }]],
  ])("holds again where it %s, and is taken back by the next turn", (_, later) => {
    const stormy = turn(first, "Two?", "stormy");
    const answer = answered(beginTurn(stormy, { volatile: later, message: "Three?" }), "So.");
    const back = rewind(answer, lastOf(stormy))!;
    expect(back).toMatchObject({ volatileParts: [{ text: "stormy" }], staleParts: [] });
    const next = beginTurn(back, { volatile: [], message: "Or three?" });
    expect(volatile(next)).toEqual([
      "State, as of now:\nstormy",
      "State: what was said above no longer holds.",
    ]);
  });

  it("holds again in its latest text that is left", () => {
    const windy = turn(turn(first, "Two?", "stormy"), "Three?", "windy");
    const back = rewind(turn(turn(windy, "Four?", "calm"), "Five?", "dark"), lastOf(windy))!;
    expect(back).toMatchObject({
      volatileParts: [{ text: "windy" }],
      staleParts: [{ text: "stormy" }],
    });
    expect(
      texts(beginTurn(back, { volatile: [{ name: "State", text: "windy" }], message: "?" })),
    ).toEqual([...texts(back), "?"]);
  });
});

it("changes nothing when nothing came behind", () => {
  expect(rewind(first, lastOf(first))).toBe(first);
});

it("goes back to the opening, with instructions and guidance", () => {
  expect(texts(rewind(turn(first, "Two?"), null)!)).toEqual(texts(opened));
});

it("keeps files as they are now, even where only a note that goes has said so", () => {
  const content = readableText("two\n");
  const edited = followFile(first, "f", { uri: "f", label: "f", language: "ts", content });
  const back = rewind(turn(edited, "Two?"), lastOf(first))!;
  expect(texts(back)).toContain("f\n```ts\ntwo\n```\n");
  expect(back.files[0]).toMatchObject({ pending: null, errataIds: [] });
});

it("cannot go back to what was left out", () => {
  expect(rewind(first, "gone")).toBeNull();
});
