import { describe, expect, it } from "vitest";
import type { AnswerSegment, Segment } from "../../protocol/segment.ts";
import { answer, system, toolResult, user, windowOf } from "../history/segments.test-support.ts";
import { renderPrompt } from "./render.ts";
import { chatTemplate } from "./templates.test-support.ts";

const MODEL = "this model";

/** Writes of an answer either its text or its one call, as templates of Llama 3 do. */
const ONE_CALL = `{%- for message in messages -%}
  {%- if message.tool_calls -%}
    {%- if message.tool_calls | length != 1 -%}{{- raise_exception("One call") -}}{%- endif -%}
    {{- (message.reasoning_content or "") ~ "call " ~ message.tool_calls[0].function.name ~ "\\n" -}}
  {%- else -%}{{- message.role ~ " " ~ message.content ~ "\\n" -}}{%- endif -%}
{%- endfor -%}`;

/** Refuses two answers in a row, as templates of Mistral do. */
const ALTERNATING = `{%- for message in messages -%}
  {%- if message.role == "assistant" and messages[loop.index0 - 1].role == "assistant" -%}
    {{- raise_exception("Roles must alternate") -}}
  {%- endif -%}
  {{- message.role ~ " " ~ message.content -}}
  {%- for call in message.tool_calls or [] -%}{{- " call " ~ call.function.name -}}{%- endfor -%}
  {{- "\\n" -}}
{%- endfor -%}`;

const calls = ["look", "read"].map((name) => ({ id: name, name, arguments: {} }));

function exchange(said: string, more: Partial<AnswerSegment> = {}): Segment[] {
  const results = [toolResult("r1", "One."), toolResult("r2", "Two.")];
  return [user("u", "Hi"), answer("a", said, { toolCalls: calls, ...more }), ...results];
}

function text(template: string, segments: readonly Segment[]): string {
  const { pieces } = renderPrompt(chatTemplate(template), windowOf(segments), MODEL);
  return pieces.map((piece) => piece.text).join("");
}

describe("an answer with a text and calls", () => {
  it("becomes several messages where the template writes one thing of an answer", () => {
    expect(text(ONE_CALL, exchange("I look."))).toBe(
      "user Hi\nassistant I look.\ncall look\ncall read\ntool One.\ntool Two.\n",
    );
  });

  it("has its thoughts before the first call if it has no text", () => {
    expect(text(ONE_CALL, exchange("", { reasoning: "Hm: " }))).toBe(
      "user Hi\nHm: call look\ncall read\ntool One.\ntool Two.\n",
    );
  });

  it("stays one message where the template takes it so", () => {
    expect(text(ALTERNATING, exchange("I look."))).toBe(
      "user Hi\nassistant I look. call look call read\ntool One.\ntool Two.\n",
    );
  });

  it("is split beside answers that keep their ids, and without a system role", () => {
    const generated = { fingerprint: MODEL, tokens: [4] };
    const refusing = ONE_CALL.replace(
      "{%- if message.tool_calls -%}",
      '{%- if message.role == "system" -%}{{- raise_exception("No system") -}}{%- endif -%}$&',
    );
    const segments = [
      system("s", "Be brief."),
      ...exchange("I look."),
      answer("b", "Done.", { generated }),
    ];
    const window = windowOf(segments);
    const { pieces } = renderPrompt(chatTemplate(refusing), window, MODEL);
    expect(pieces.find(({ segmentId }) => segmentId === "b")?.tokens).toEqual([4]);
    expect(text(refusing, segments)).toContain("user Be brief.\n\nHi\nassistant I look.\ncall");
  });
});
