import { describe, expect, it } from "vitest";
import { parseSession } from "./parse-session.ts";
import type { RecordedSession } from "./recorded-session.ts";

const HEADER = { source: "test" };
const user = (content: unknown): object => ({ role: "user", content });
const assistant = (content: unknown, more: object = {}): object => ({
  role: "assistant",
  content,
  ...more,
});

function parseText(text: string): RecordedSession {
  const parsed = parseSession("a.jsonl", text);
  if (parsed.kind === "refused") throw new Error(parsed.sentence);
  return parsed.session;
}

function parse(...lines: readonly unknown[]): RecordedSession {
  return parseText(lines.map((line) => JSON.stringify(line)).join("\n"));
}

describe("a recording", () => {
  it("makes a call of every assistant message and appends the others", () => {
    const { steps } = parse(HEADER, { role: "system", content: "s" }, user("u"), assistant("a"));
    expect(steps.map((step) => step.kind)).toEqual(["append", "append", "call"]);
    expect(steps[2]).toMatchObject({ kind: "call", line: 4, answer: { text: "a" } });
  });

  it("makes no call of an assistant message that the agent wrote itself", () => {
    const { steps } = parse(
      HEADER,
      user("u"),
      assistant("ok", { not_a_call: true }),
      assistant("a"),
    );
    expect(steps.map((step) => step.kind)).toEqual(["append", "append", "call"]);
  });

  it("takes two answers in a row as two calls", () => {
    const { steps } = parse(HEADER, user("u"), assistant("a"), assistant("b"));
    expect(steps.map((step) => step.kind)).toEqual(["append", "call", "call"]);
  });

  it("skips empty lines, edits and what a provider counted", () => {
    const text = [
      HEADER,
      user("u"),
      { event: "edit", path: "x" },
      assistant("a"),
      { event: "usage", prompt_tokens: 5 },
    ];
    const lines = text.map((line) => JSON.stringify(line)).join("\n\n");
    expect(parseText(`${lines}\n`).steps).toHaveLength(2);
  });

  it("takes its tools from the header", () => {
    const parameters = { type: "object" };
    const tools = [
      { type: "function", function: { name: "ls", description: "Lists.", parameters } },
      { type: "function", function: { name: "pwd" } },
    ];
    expect(parse({ ...HEADER, tools }, user("u"), assistant("a")).tools).toEqual([
      { name: "ls", description: "Lists.", parameters },
      { name: "pwd", description: "" },
    ]);
  });
});

describe("a message", () => {
  const segmentOf = (...messages: readonly object[]): unknown => {
    const step = parse(HEADER, ...messages, user("u"), assistant("end")).steps[messages.length - 1];
    return step?.kind === "append" ? step.segment : null;
  };

  it("may have its text in parts, or none", () => {
    expect(
      segmentOf(
        user([
          { type: "text", text: "one " },
          { type: "text", text: "two" },
        ]),
      ),
    ).toMatchObject({
      text: "one two",
    });
    expect(segmentOf(user(null))).toMatchObject({ text: "" });
  });

  it("of a developer is one of the system", () => {
    expect(segmentOf({ role: "developer", content: "d" })).toMatchObject({ role: "system" });
  });

  it("of a tool names the tool that was called", () => {
    const tool_calls = [{ id: "c1", function: { name: "ls", arguments: '{"path":"."}' } }];
    const result = segmentOf(assistant(null, { tool_calls, not_a_call: true }), {
      role: "tool",
      tool_call_id: "c1",
      content: "a b",
    });
    expect(result).toMatchObject({ role: "tool", toolCallId: "c1", toolName: "ls", text: "a b" });
  });

  it("of a tool that nobody called is kept", () => {
    expect(segmentOf({ role: "tool", content: "late" })).toMatchObject({
      role: "tool",
      toolName: "unknown",
      text: "late",
    });
  });

  it("of the model keeps thoughts and calls with parsed arguments", () => {
    const tool_calls = [
      { id: "c1", function: { name: "ls", arguments: '{"path":"."}' } },
      { function: { name: "pwd", arguments: "" } },
    ];
    const { steps } = parse(
      HEADER,
      user("u"),
      assistant("a", { reasoning_content: "hm", tool_calls }),
    );
    expect(steps[1]).toMatchObject({
      answer: {
        text: "a",
        reasoning: "hm",
        toolCalls: [
          { id: "c1", name: "ls", arguments: { path: "." } },
          { name: "pwd", arguments: {} },
        ],
      },
    });
  });
});

describe("a splice", () => {
  it("carries the messages that come in", () => {
    const splice = { event: "splice", start: 0, delete: 1, insert: [user("new"), user("too")] };
    const { steps } = parse(HEADER, user("u"), splice, assistant("a"));
    expect(steps[1]).toMatchObject({
      kind: "splice",
      start: 0,
      delete: 1,
      insert: [{ text: "new" }, { text: "too" }],
    });
  });

  it("counts for the range of the next one", () => {
    const grow = { event: "splice", start: 1, delete: 0, insert: [user("v"), user("w")] };
    const cut = { event: "splice", start: 0, delete: 3, insert: [] };
    expect(() => parse(HEADER, user("u"), grow, cut, user("x"), assistant("a"))).not.toThrow();
    expect(() => parse(HEADER, user("u"), grow, cut, cut, user("x"), assistant("a"))).toThrow(
      "Line 5 of a.jsonl splices messages 0 to 3 of a list of 0.",
    );
  });
});

it.each([
  ["an empty file", [], "a.jsonl is empty."],
  [
    "no header",
    [user("u")],
    "Line 1 of a.jsonl is not the header of a recording, which names its source.",
  ],
  ["no answer", [HEADER, user("u")], "a.jsonl records no answer of a model."],
  [
    "an answer to nothing",
    [HEADER, assistant("a")],
    "Line 2 of a.jsonl is an answer with no prompt before it.",
  ],
  ["a value that is no object", [HEADER, 5], "Line 2 of a.jsonl is not a JSON object."],
  [
    "an unknown role",
    [HEADER, { role: "narrator", content: "" }],
    "Line 2 of a.jsonl has a role that is not known, “narrator”.",
  ],
  [
    "an unknown event",
    [HEADER, { event: "fork" }],
    "Line 2 of a.jsonl has an event that is not known, “fork”.",
  ],
  [
    "a picture",
    [HEADER, user([{ type: "image_url" }])],
    "Line 2 of a.jsonl is not a message whose content is text.",
  ],
  [
    "a splice without a range",
    [HEADER, { event: "splice", start: -1 }],
    "Line 2 of a.jsonl is not a splice of messages.",
  ],
  [
    "arguments that are cut off",
    [
      HEADER,
      user("u"),
      assistant("", { tool_calls: [{ function: { name: "ls", arguments: '{"a' } }] }),
    ],
    "Line 3 of a.jsonl calls “ls” with arguments that are no JSON object.",
  ],
])("refuses %s in one sentence that says where", (_, lines, sentence) => {
  expect(() => parse(...lines)).toThrow(sentence);
});

it("refuses a line that is no JSON", () => {
  const text = `${JSON.stringify(HEADER)}\n\n{"role":`;
  expect(parseSession("b.jsonl", text)).toEqual({
    kind: "refused",
    sentence: "Line 3 of b.jsonl is not a JSON object.",
  });
});
