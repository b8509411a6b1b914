import { describe, expect, it } from "vitest";
import type { Segment, Tool } from "../../protocol/segment.ts";
import { answer, system, toolResult, user, windowOf } from "../history/segments.test-support.ts";
import { withPlainTools } from "./plain-tools.ts";
import { renderPrompt } from "./render.ts";
import { chatTemplate, templates } from "./templates.test-support.ts";

const MODEL = "this model";
const schema = { type: "object", properties: { at: { type: "string" } } };
const tools: Tool[] = [
  { name: "look", description: "Looks.", parameters: schema },
  { name: "wait", description: "Waits." },
];
const call = { id: "c", name: "look", arguments: { at: "it" } };
const spelled = '<tool_call>\n{"name": "look", "arguments": {"at":"it"}}\n</tool_call>';

function prompt(segments: readonly Segment[], given: readonly Tool[] = []) {
  const template = chatTemplate(templates.plain, { writesTools: false });
  return renderPrompt(template, windowOf(segments, given), MODEL);
}

function text(segments: readonly Segment[], given: readonly Tool[] = []): string {
  return prompt(segments, given)
    .pieces.map((piece) => piece.text)
    .join("");
}

describe("for a template that writes tools, a window", () => {
  it("passes as it is", () => {
    const window = windowOf(
      [answer("a", "", { toolCalls: [call] }), toolResult("t", "It.")],
      tools,
    );
    expect(withPlainTools(window, true)).toEqual({
      segments: window.segments,
      tools,
      preamble: "",
    });
  });
});

describe("for a template that does not write tools", () => {
  it("the tools are explained in front of the system message", () => {
    const [opening, lines, rest] = [text([system("s", "Be brief."), user("u", "?")], tools)]
      .map((all) => all.split("\n"))
      .map((all) => [all[0], all.slice(1), all.slice(4).join("\n")] as const)[0]!;
    expect(opening).toBe("<|im_start|>system");
    expect(lines.slice(1, 3).map((line) => JSON.parse(line) as unknown)).toEqual([
      { name: "look", description: "Looks.", parameters: schema },
      { name: "wait", description: "Waits.", parameters: {} },
    ]);
    expect(rest).toContain('<tool_call>\n{"name": "NAME", "arguments": {ARGUMENTS}}\n</tool_call>');
    expect(rest).toContain("</tool_call>\n\nBe brief.<|im_end|>");
    expect(rest).toContain("<|im_start|>user\n?");
  });

  it("the explanation makes a system message where there is none", () => {
    expect(text([user("u", "?")], tools)).toMatch(/^<\|im_start\|>system\nYou can call/u);
  });

  it("nothing is explained where there are no tools", () => {
    expect(text([user("u", "?")])).toBe("<|im_start|>user\n?<|im_end|>\n<|im_start|>assistant\n");
  });

  it("calls are written in lines of their own behind the text of the answer", () => {
    const segments = [user("u", "?"), answer("a", "Let me see. ", { toolCalls: [call, call] })];
    expect(text(segments)).toContain(`assistant\nLet me see. \n${spelled}\n${spelled}<|im_end|>`);
  });

  it("results are marked and said by the user, several in one message", () => {
    const results = [toolResult("t1", "One."), toolResult("t2", "Two.")];
    expect(text([answer("a", "", { toolCalls: [call] }), ...results])).toContain(
      "<|im_start|>user\n<tool_response>\nOne.\n</tool_response>\n\n" +
        "<tool_response>\nTwo.\n</tool_response><|im_end|>",
    );
  });

  it("results and calls still belong to their segments", () => {
    const segments = [answer("a", "", { toolCalls: [call] }), toolResult("t", "One.")];
    const owners = prompt(segments).pieces.map(({ segmentId }) => segmentId);
    expect(owners.filter((owner) => owner !== null)).toEqual(["a", "t"]);
  });

  it("the ids of a past answer are used as they are, calls and all", () => {
    const generated = { fingerprint: MODEL, tokens: [4, 5] };
    const segments = [answer("a", "Hi", { generated, toolCalls: [call] })];
    const [piece] = prompt(segments).pieces.filter(({ segmentId }) => segmentId === "a");
    expect(piece?.tokens).toEqual([4, 5]);
  });
});
