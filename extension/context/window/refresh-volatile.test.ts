import { expect, it } from "vitest";
import { refreshVolatile } from "./refresh-volatile.ts";
import { openedWindow, texts } from "./window.test-support.ts";

const problems = (text: string) => ({ name: "Problems", text });
const opened = openedWindow();
const first = refreshVolatile(opened, [problems("none")]);

it("leaves a part that says what it said where it is", () => {
  expect(refreshVolatile(first, [problems("none")])).toEqual(first);
});

it("appends a part that changed and leaves the old one for the next fold", () => {
  const second = refreshVolatile(first, [problems("one")]);
  expect(texts(second)).toEqual([...texts(first), "Problems, as of now:\none"]);
  expect(second.staleParts).toEqual(first.volatileParts);
});

it("says that a part holds no longer, once", () => {
  const gone = refreshVolatile(first, []);
  expect(texts(gone).at(-1)).toBe("Problems: what was said above no longer holds.");
  expect(refreshVolatile(gone, [])).toEqual(gone);
});

it("says it anew when a part comes back", () => {
  const back = refreshVolatile(refreshVolatile(first, []), [problems("none")]);
  expect(texts(back).at(-1)).toBe("Problems, as of now:\nnone");
  expect(back.staleParts).toHaveLength(2);
});

it("never gives an id twice", () => {
  let window = first;
  for (let turn = 0; turn < 5; turn++) window = refreshVolatile(window, [problems(`${turn}`)]);
  const ids = window.context.segments.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
