import { describe, expect, it } from "vitest";
import { chatmlTemplate } from "../../cli/models/chat-templates.ts";
import { resultText } from "../../extension/agent/dialect/result-text.ts";
import { INSTRUCTIONS } from "../../extension/agent/dialect/instructions.ts";
import { type Task, taskMessage } from "../../extension/agent/dialect/task-message.ts";
import { openAgentWindow } from "../../extension/agent/open-agent-window.ts";
import { changedLines } from "../../extension/agent/tools/changed-lines.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";
import { erratumText } from "../../extension/context/living/erratum-text.ts";
import { type FileView, textOfView } from "../../extension/context/living/file-view.ts";
import type { AnswerSegment, Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import { renderPrompt } from "../../sidecar/prompt/render.ts";
import { ChatTemplate } from "../../sidecar/prompt/template.ts";
import { loadEngine } from "../support/engine.ts";

/**
 * The dialect in which agent and model talk. Models are trained on it, so a change of any of these
 * files is a decision: `vitest -u` writes them anew.
 */
const template = new ChatTemplate({
  template: chatmlTemplate,
  writesTools: true,
  bosText: "",
  eosText: "<|im_end|>",
  bosToken: null,
});

function render(segments: readonly Segment[], tools: readonly Tool[]): string {
  const { pieces } = renderPrompt(template, { version: 1, segments, tools }, "another model");
  return pieces.map(({ text }) => text).join("");
}

function opened(prompt: "full" | "minimal", tools = toolSet(prompt)) {
  const rules = [{ label: "AGENTS.md", text: "Use tabs." }];
  return openAgentWindow({ id: "a", prompt, rules, tools, startedOn: "2026-01-31" }).context;
}

describe("the dialect", () => {
  it.each(["full", "minimal"] as const)("keeps its system prompt: %s", async (prompt) => {
    await expect(INSTRUCTIONS[prompt]).toMatchFileSnapshot(`golden/instructions-${prompt}.txt`);
  });

  it("keeps its tools, their order and their schemas", async () => {
    const lines = toolSet("full").map(({ schema }) => `${JSON.stringify(schema)}\n`);
    await expect(lines.join("")).toMatchFileSnapshot("golden/tools.jsonl");
  });

  it("offers a subset to very small models", () => {
    expect(toolSet("minimal").map(({ schema }) => schema.name)).toEqual([
      "read_file",
      "edit_file",
      "finish",
    ]);
  });

  it("keeps what slash commands ask for", async () => {
    const tasks: readonly Task[] = ["fix", "explain", "tests", "refactor", "doc"];
    const problem = { label: "src/size.ts", line: 1, message: "Cannot find name 'size'." };
    const subject = { places: ["src/size.ts, lines 1–2"], problems: [problem] };
    const messages = tasks.flatMap((task) => [
      `/${task}\n${taskMessage(task, subject, "")}\n`,
      `/${task} typed\n${taskMessage(task, { places: [], problems: [] }, "typed")}\n`,
    ]);
    await expect(messages.join("\n")).toMatchFileSnapshot("golden/slash-commands.txt");
  });

  it("keeps the form of calls and results", async () => {
    const { segments, tools } = opened("minimal");
    await expect(render([...segments, ...exchange()], tools)).toMatchFileSnapshot(
      "golden/conversation.txt",
    );
  });
});

describe("the prompt", () => {
  it("stays small in tokens of a real tokenizer", async () => {
    // All generated models have the tokenizer of the one named bench.
    const engine = await loadEngine("tiny");
    const count = (text: string): number =>
      engine.tokenizer.tokenize(text, { specials: true }).length;
    const tools = (kind: "full" | "minimal"): number => {
      const { segments, tools: offered } = opened(kind);
      return count(render(segments, offered)) - count(render(segments, []));
    };
    const counts = {
      fullTools: tools("full"),
      minimalTools: tools("minimal"),
      fullInstructions: count(INSTRUCTIONS.full),
      minimalInstructions: count(INSTRUCTIONS.minimal),
    };
    await engine.dispose();
    expect(counts.fullTools).toBeLessThan(900);
    expect(counts.minimalInstructions).toBeLessThan(350);
  });
});

function exchange(): Segment[] {
  const read = call("c1", "read_file", { path: "src/size.ts", start_line: 1, end_line: 0 });
  const edit = call("c2", "edit_file", {
    path: "src/size.ts",
    edits: [{ search: "size = 3", replace: 'size = "4"' }],
  });
  const missing = call("c3", "read_file", { path: "src/none.ts", start_line: 1, end_line: 0 });
  const [before, own, after] = ["size = 3;", 'size = "4";', 'size = "5";'].map(sizeView);
  const changed = changedLines("src/size.ts", textIn(before!), textIn(own!));
  return [
    { id: "m", role: "user", kind: "message", stability: "recent", text: "Make the size a text." },
    answer("a1", "I look at the file.", [read]),
    result("r1", read, textOfView(before!)),
    answer("a2", "", [edit, missing]),
    result("r2", edit, `src/size.ts is changed.\n${changed}`),
    result("r3", missing, resultText({ kind: "failed", text: "There is no file src/none.ts." })),
    {
      id: "e",
      role: "user",
      kind: "note",
      stability: "recent",
      text: erratumText(own!, after!),
    },
    answer("a3", "The size is a text now.", []),
  ];
}

function sizeView(size: string): FileView {
  const content = { kind: "text", text: `// Sizes.\nexport const ${size}\n` } as const;
  return { label: "src/size.ts", language: "typescript", content, lines: null };
}

function textIn({ content }: FileView): string {
  return content.kind === "text" ? content.text : "";
}

function call(id: string, name: string, given: Record<string, unknown>): ToolCall {
  return { id, name, arguments: given };
}

function answer(id: string, text: string, toolCalls: ToolCall[]): AnswerSegment {
  const calls = toolCalls.length === 0 ? {} : { toolCalls };
  return { id, role: "assistant", kind: "answer", stability: "recent", text, ...calls };
}

function result(id: string, { id: toolCallId, name }: ToolCall, text: string): Segment {
  const common = { id, kind: "toolResult", stability: "recent" } as const;
  return { ...common, role: "tool", toolCallId, toolName: name, text };
}
