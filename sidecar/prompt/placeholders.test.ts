import { describe, expect, it } from "vitest";
import { holdsBrokenPlaceholder, partsOf, placeholder, writtenAs } from "./placeholders.ts";
import { chatTemplate } from "./templates.test-support.ts";

const TEXT = 'é "b"\n\\';

/** What becomes of a text whose placeholder a template writes like this. */
function written(expression: string): string {
  const template = chatTemplate(`{{- "[" ~ ${expression} ~ "]" -}}`);
  const messages = [{ role: "user", content: placeholder(7) }] as const;
  const rendered = template.render(messages, [], { generationPrompt: false });
  return partsOf(rendered)
    .map((part) => (part.kind === "template" ? part.text : writtenAs(TEXT, part.end)))
    .join("");
}

describe("a text that is put in for a placeholder", () => {
  it("stays as it is where the template writes texts as they are", () => {
    expect(written("messages[0].content")).toBe(`[${TEXT}]`);
    expect(written("messages[0].content | trim")).toBe(`[${TEXT}]`);
  });

  it.each([
    ["JSON", "messages[0].content | tojson", String.raw`["é \"b\"\n\\"]`],
    ["ASCII", "messages[0].content | tojson(ensure_ascii=true)", String.raw`["\u00e9 \"b\"\n\\"]`],
    ["a list", "[messages[0].content] | tojson", String.raw`[["é \"b\"\n\\"]]`],
    [
      "JSON in JSON",
      "messages[0].content | tojson | tojson",
      String.raw`["\"é \\\"b\\\"\\n\\\\\""]`,
    ],
    [
      "ASCII in ASCII",
      "messages[0].content | tojson(ensure_ascii=true) | tojson(ensure_ascii=true)",
      String.raw`["\"\\u00e9 \\\"b\\\"\\n\\\\\""]`,
    ],
  ])("is escaped where the template writes %s", (_, expression, expected) => {
    expect(written(expression)).toBe(expected);
  });

  it("stays as it is where the mark came out in a way that nobody knows", () => {
    expect(written(`messages[0].content | replace('"', "&quot;")`)).toBe(`[${TEXT}]`);
    expect(written(`messages[0].content | replace('"', "")`)).toBe(`[${TEXT}]`);
  });
});

describe("a placeholder that a template has cut", () => {
  it.each([
    ["end", placeholder(7).slice(0, -1)],
    ["middle", placeholder(7).slice(0, 20)],
    ["start", placeholder(7).slice(20)],
  ])("is known as one, cut at its %s", (_, cut) => {
    const [part] = partsOf(`Text ${cut} and more`);
    expect(part?.kind === "template" && holdsBrokenPlaceholder(part)).toBe(true);
  });

  it("does not take the next one with it", () => {
    const parts = partsOf(placeholder(7).slice(0, -1) + placeholder(8));
    expect(parts.map((part) => part.kind === "slot" && part.index)).toEqual([false, 8]);
  });
});
