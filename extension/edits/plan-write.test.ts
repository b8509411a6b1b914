import { describe, expect, it } from "vitest";
import { planWrite } from "./plan-write.ts";

const bytesOf = (text: string | null) => (text === null ? null : new Uint8Array(Buffer.from(text)));

function plan(before: string | null, after: string | null, present: string | null) {
  const edit = { before: bytesOf(before), after: bytesOf(after) };
  const planned = planWrite(edit, bytesOf(present));
  if (planned.kind === "refused") return planned.sentence;
  return planned.bytes === null ? null : Buffer.from(planned.bytes).toString();
}

describe("a write that was planned from an earlier state", () => {
  it("is what was wanted where the file is as it was", () => {
    expect(plan("a\n", "b\n", "a\n")).toBe("b\n");
    expect(plan(null, "b\n", null)).toBe("b\n");
    expect(plan("a\n", null, "a\n")).toBeNull();
  });

  it("keeps what somebody else changed elsewhere, in the file's own line ends", () => {
    expect(plan("1\r\n2\r\n3\r\n", "one\r\n2\r\n3\r\n", "1\r\n2\r\nTHREE\r\n")).toBe(
      "one\r\n2\r\nTHREE\r\n",
    );
  });

  it.each([
    ["changed in the same lines", "1\n", "one\n", "uno\n", /in the same lines: at line 1 /],
    ["deleted", "1\n", "one\n", null, /deleted by somebody else/],
    ["made by somebody else", null, "one\n", "uno\n", /changed by somebody else/],
    ["changed before it was deleted", "1\n", null, "uno\n", /changed by somebody else/],
    ["made binary", "1\n", "one\n", "\0", /no text/],
  ])("is refused where the file was %s", (_, before, after, present, sentence) => {
    expect(plan(before, after, present)).toMatch(sentence);
    expect(plan(before, after, present)).toMatch(/ Read it again\.$/);
  });
});
