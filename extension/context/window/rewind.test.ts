import { expect, it } from "vitest";
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
  expect(back).toMatchObject({ volatileParts: [], staleIds: [], files: first.files });
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
