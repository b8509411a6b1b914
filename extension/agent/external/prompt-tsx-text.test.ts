import { expect, it } from "vitest";
import { promptTsxText } from "./prompt-tsx-text.ts";

it("reads the text of a rendered tree in order, with its line breaks", () => {
  const text = (value: string, lineBreakBefore = 0) => ({ type: 2, text: value, lineBreakBefore });
  const piece = (...children: unknown[]) => ({ type: 1, ctor: 2, props: {}, children });
  const tree = {
    node: piece(text("One"), piece(text("two", 1), text(" and more")), text("three", 1)),
  };
  expect(promptTsxText(tree)).toBe("One\ntwo and more\nthree");
});

it("shows what is no such tree as it is", () => {
  expect(promptTsxText({ rows: [1, 2] })).toBe('{"rows":[1,2]}');
});
