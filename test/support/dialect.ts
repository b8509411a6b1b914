import { chatmlTemplate, reasoningTemplate } from "../../cli/models/chat-templates.ts";
import { resultText } from "../../extension/agent/dialect/result-text.ts";
import { openAgentWindow } from "../../extension/agent/open-agent-window.ts";
import { changedLines } from "../../extension/agent/tools/changed-lines.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";
import type { ContextState } from "../../extension/context/state.ts";
import { erratumText } from "../../extension/context/living/erratum-text.ts";
import { type FileView, textOfView } from "../../extension/context/living/file-view.ts";
import type { AnswerSegment, Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import { renderPrompt } from "../../sidecar/prompt/render.ts";
import { ChatTemplate } from "../../sidecar/prompt/template.ts";

const WITHOUT_TOOLS = `{%- for message in messages -%}
  {{- "<|im_start|>" ~ message.role ~ "\\n" ~ message.content ~ "<|im_end|>\\n" -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- "<|im_start|>assistant\\n" -}}{%- endif -%}`;

/** As some models have it that were trained with two roles only. */
const WITHOUT_SYSTEM = `{%- for message in messages -%}
  {%- if message.role == "system" -%}{{- raise_exception("There is no system role") -}}{%- endif -%}
  {%- set role = "model" if message.role == "assistant" else message.role -%}
  {{- "<turn>" ~ role ~ "\\n" ~ message.content ~ "<end>\\n" -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- "<turn>model\\n" -}}{%- endif -%}`;

type Family = { readonly template: string; readonly writesTools: boolean };

/** Templates that treat a conversation in another way each. */
export const FAMILIES: Readonly<
  Record<"chatml" | "thoughts" | "plain-tools" | "no-system", Family>
> = {
  chatml: { template: chatmlTemplate, writesTools: true },
  thoughts: { template: reasoningTemplate, writesTools: true },
  "plain-tools": { template: WITHOUT_TOOLS, writesTools: false },
  "no-system": { template: WITHOUT_SYSTEM, writesTools: false },
};

/** A prompt as the model of a family reads it, with no id of its own in it. */
export function rendered(
  family: keyof typeof FAMILIES,
  segments: readonly Segment[],
  tools: readonly Tool[] = [],
): string {
  const tokens = { bosText: "", eosText: "<|im_end|>", bosToken: null };
  const template = new ChatTemplate({ ...FAMILIES[family], ...tokens });
  const { pieces } = renderPrompt(template, { version: 1, segments, tools }, "another model");
  return pieces.map(({ text }) => text).join("");
}

export function opened(prompt: "full" | "minimal"): ContextState {
  const rules = [{ label: "AGENTS.md", text: "Use tabs." }];
  const tools = toolSet(prompt);
  return openAgentWindow({ id: "a", prompt, rules, tools, startedOn: "2026-01-31" }).context;
}

/** A task with a call, calls beside each other, an error and a change from outside. */
export function exchange(): Segment[] {
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
    { ...answer("a2", "", [edit, missing]), reasoning: "I edit, and look at another file." },
    result("r2", edit, `src/size.ts is changed.\n${changed}`),
    result("r3", missing, resultText({ kind: "failed", text: "There is no file src/none.ts." })),
    {
      id: "e",
      role: "user",
      kind: "note",
      stability: "recent",
      text: erratumText(own!, after!),
    },
    { ...answer("a3", "The size is a text now.", []), reasoning: "It reads right." },
  ];
}

function sizeView(size: string): FileView {
  const content = { kind: "text", text: `// Sizes.\nexport const ${size}\n` } as const;
  return { label: "src/size.ts", language: "typescript", content, lines: null };
}

function textIn({ content }: FileView): string {
  return content.kind === "text" ? content.text : "";
}

export function call(id: string, name: string, given: Record<string, unknown>): ToolCall {
  return { id, name, arguments: given };
}

export function answer(id: string, text: string, toolCalls: ToolCall[] = []): AnswerSegment {
  const calls = toolCalls.length === 0 ? {} : { toolCalls };
  return { id, role: "assistant", kind: "answer", stability: "recent", text, ...calls };
}

export function result(id: string, { id: toolCallId, name }: ToolCall, text: string): Segment {
  const common = { id, kind: "toolResult", stability: "recent" } as const;
  return { ...common, role: "tool", toolCallId, toolName: name, text };
}
