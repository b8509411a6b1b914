import { expect, it } from "vitest";
import { LastLines } from "./last-lines.ts";

it("keeps the last lines, however the text is cut into pieces", () => {
  const lines = new LastLines(2);
  for (const piece of ["on", "e\ntwo\r\n", "\nthr", "ee\nfo", "ur"]) lines.add(piece);
  expect(lines.all).toEqual(["two", "three", "four"]);
  lines.add("\n");
  expect(lines.all).toEqual(["three", "four"]);
});
