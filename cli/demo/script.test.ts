import { expect, it } from "vitest";
import { openingOf, turnOf } from "./script.ts";

const files = [
  { name: "a.md", text: "A\n" },
  { name: "b.md", text: "one\r\ntwo\r\nthree\r\nfour\r\n" },
];

it("asks a question in every turn", () => {
  let state = openingOf(files);
  for (let number = 1; number <= 7; number++) state = turnOf(number, files).change(state);
  const ids = state.segments.map(({ id }) => id);
  expect(ids.slice(0, 4)).toEqual(["system", "file a.md", "file b.md", "question 1"]);
  expect(ids.at(-1)).toBe("question 7");
});

it("edits the last file in the middle before the third question", () => {
  const opening = openingOf(files);
  const { action, change } = turnOf(3, files);
  const edited = change(opening).segments;
  expect(action).toBe("edit of b.md");
  expect(edited[1]).toBe(opening.segments[1]);
  expect(edited[2]?.text).toBe(
    "b.md\none\r\ntwo\r\nThis line was added before question 3.\nthree\r\nfour\r\n",
  );
});

it("edits a file of one line", () => {
  const short = [{ name: "c.md", text: "line" }];
  const edited = turnOf(3, short).change(openingOf(short)).segments[1];
  expect(edited?.text).toBe("c.md\nThis line was added before question 3.\nline");
});
