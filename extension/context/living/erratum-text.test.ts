import { expect, it } from "vitest";
import { erratumText } from "./erratum-text.ts";
import { missing, view } from "./file-view.test-support.ts";

const before = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";

it("tells the new lines and one on each side, and none of the old ones", () => {
  expect(erratumText(view(before), view(before.replace("three", "3")))).toBe(
    [
      "a.ts has changed since it was shown above.",
      "Lines 2–4 now read:",
      "```ts",
      "two",
      "3",
      "four",
      "```",
    ].join("\n"),
  );
});

it("tells changes that are far apart one by one", () => {
  const text = erratumText(view(before), view(before.replace("one", "1").replace("seven", "7")));
  expect(text).toContain("Lines 1–2 now read:");
  expect(text).toContain("Lines 6–8 now read:");
  expect(text).not.toContain("four");
});

it("says how many lines went where nothing took their place", () => {
  const text = erratumText(view(before), view(before.replace("three\nfour\n", "")));
  expect(text).toContain(
    "Lines 2–3 now read, 2 lines removed between them:\n```ts\ntwo\nfive\n```",
  );
});

it("numbers lines as in the file where only some are shown", () => {
  const lines = { start: 2, end: 4 };
  const text = erratumText(view(before, lines), view(before.replace("three", "3"), lines));
  expect(text).toBe(
    "a.ts, lines 3–4 has changed since it was shown above.\nLines 3–4 now read:\n```ts\n3\nfour\n```",
  );
});

it("says that a file was deleted, renamed, or is back", () => {
  expect(erratumText(view(before), missing("it was deleted"))).toBe(
    "a.ts: what was shown of it above no longer holds: it was deleted.",
  );
  expect(erratumText(view(before), { ...view(before), label: "b.ts" })).toBe(
    "a.ts is now named b.ts.",
  );
  expect(erratumText(missing("it was deleted"), view("x\n"))).toBe(
    "a.ts can be shown again:\na.ts\n```ts\nx\n```\n",
  );
});
