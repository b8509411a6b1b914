import { expect } from "vitest";
import { applyBlocks } from "./apply-blocks.ts";

/** What one search and replacement make of a text, how it was found, or why it failed. */
export function edited(text: string, search: string, replace: string): readonly [string, string] {
  const outcome = applyBlocks(text, [{ search, replace }]);
  if (outcome.kind === "failed") return [outcome.reason, outcome.sentence];
  expect(outcome.matches).toHaveLength(1);
  return [outcome.matches[0]!.how, outcome.text];
}

/** Source code of many lines that all differ. */
export function manyLines(count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = (index * 2_654_435_761) % 4_294_967_296;
    return index % 5 === 0
      ? "}"
      : `  const value${name.toString(36)} = compute(${index}, "${name}");`;
  });
}
