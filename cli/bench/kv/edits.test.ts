import { expect, it } from "vitest";
import { EDIT_KINDS, editCase } from "./edits.ts";
import { RandomText } from "./random-text.ts";

const base = Array.from({ length: 2000 }, (_, index) => index + 10_000);

it.each(EDIT_KINDS)(
  "an edit of kind %s changes as many tokens as it says, and not the last",
  (kind) => {
    for (const depth of [0.1, 0.5, 0.9]) {
      const { edited, oldTokens, newTokens } = editCase(kind, depth, base, new RandomText(1, 8000));
      const kept = edited.filter((token) => token >= 10_000);
      expect(kept).toHaveLength(base.length - oldTokens);
      expect(edited).toHaveLength(kept.length + newTokens);
      expect(edited.at(-1)).toBe(base.at(-1));
      expect(kept).toEqual([...kept].sort((a, b) => a - b));
    }
  },
);

it("random text is the same for the same seed and stays in its vocabulary", () => {
  const text = new RandomText(5, 100).take(1000);
  expect(new RandomText(5, 100).take(1000)).toEqual(text);
  expect(new RandomText(6, 100).take(1000)).not.toEqual(text);
  expect(Math.max(...text)).toBeLessThan(100);
});
