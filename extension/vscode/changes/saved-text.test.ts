import { describe, expect, it } from "vitest";
import { holdsTyping, type SeenText } from "./saved-text.ts";

const wanted = "one\n2  \n";
const trimmed = "one\n2\n";
const typed = "one\n2  \nthree\n";
const quiet: SeenText = { wanted, atStart: wanted, now: wanted, isSomebodyThere: false };

describe("a document that is saved for the agent", () => {
  it("holds no typing when nothing has changed it", () => {
    expect(holdsTyping(quiet)).toBe(false);
  });

  it("holds typing that came before it was saved", () => {
    expect(holdsTyping({ ...quiet, atStart: typed, now: typed })).toBe(true);
  });

  it("holds typing that came while it was saved", () => {
    expect(holdsTyping({ ...quiet, now: typed, isSomebodyThere: true })).toBe(true);
  });

  it("holds no typing when an extension has changed it for the save", () => {
    expect(holdsTyping({ ...quiet, now: trimmed })).toBe(false);
  });

  it("holds no typing when the caret was only moved", () => {
    expect(holdsTyping({ ...quiet, isSomebodyThere: true })).toBe(false);
  });
});
