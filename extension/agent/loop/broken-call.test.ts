import { describe, expect, it } from "vitest";
import { brokenCall } from "./broken-call.ts";

const names = ["read_file", "finish"];

describe("a call that could not be read", () => {
  it.each([
    ["<tool_call>", "The call could not be read."],
    [
      'I look.\n<tool_call>\n{"name": "read_file", "arguments": {',
      "The call of read_file could not",
    ],
    [
      '<tool_call>{"name": "rm", "arguments": {}}',
      'There is no tool "rm". The tools are: read_file, ',
    ],
    ['  [TOOL_CALLS] [{"name": "finish"', "The call of finish could not be read."],
    ["<function=read_file>", "The call could not be read."],
  ])("is explained: %j", (text, start) => {
    expect(brokenCall(text, names)?.startsWith(start)).toBe(true);
  });
});

describe("an answer that only talks", () => {
  it.each([
    "Done.",
    "A model writes <tool_call> to call a tool.",
    "It looks like this:\n```\n<tool_call>\n{}\n</tool_call>\n```\nThat is all.",
    "~~~xml\n<tool_call>\n~~~",
    "```\n<tool_call>",
    "",
  ])("is none: %j", (text) => {
    expect(brokenCall(text, names)).toBeNull();
  });
});
