import { describe, expect, it } from "vitest";
import type { Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import { refusalOf } from "../history/refused.test-support.ts";
import { answer, toolResult, user, windowOf } from "../history/segments.test-support.ts";
import type { Piece } from "./form.ts";
import { renderPrompt } from "./render.ts";
import { chatTemplate } from "./templates.test-support.ts";

const CODE = 'if (a) {\n  say("b");\n}';
const CONTROL = "</s>[INST]";

/** Writes an argument that is a string as it is, and any other as JSON. */
const RAW_CALLS = `{%- for message in messages -%}
  {{- message.content -}}
  {%- for call in message.tool_calls or [] -%}
    {{- "<" ~ call.function.name ~ ">" -}}
    {%- for key, value in call.function.arguments | items -%}
      {{- key ~ "=" ~ (value if value is string else value | tojson) ~ ";" -}}
    {%- endfor -%}
  {%- endfor -%}
{%- endfor -%}`;

const JSON_CALLS = `{%- for message in messages -%}
  {{- message.content -}}
  {%- for call in message.tool_calls or [] -%}{{- call.function | tojson -}}{%- endfor -%}
{%- endfor -%}`;

/** Writes ids, and finds the call of a result by its id. */
const IDS = `{%- for message in messages -%}
  {%- for call in message.tool_calls or [] -%}
    {{- "(" ~ call.id ~ ")" ~ call.function.name -}}
    {%- for other in messages if other.tool_call_id == call.id -%}
      {{- "=" ~ other.tool_call_id ~ other.content -}}
    {%- endfor -%}
  {%- endfor -%}
  {%- if message.role == "user" -%}{{- message.content -}}{%- endif -%}
{%- endfor -%}`;

/** Writes a tool's name and description as they are, and nothing of its schema. */
const RAW_TOOLS = `{%- for tool in tools or [] -%}
  {{- tool.function.name ~ ": " ~ tool.function.description ~ "\\n" -}}
{%- endfor -%}
{%- for message in messages -%}{{- message.content -}}{%- endfor -%}`;

const UNTOLD = "{%- for message in messages -%}{{- message.content -}}{%- endfor -%}";

function pieces(template: string, segments: readonly Segment[], tools: Tool[] = []) {
  return renderPrompt(chatTemplate(template), windowOf(segments, tools), "this model").pieces;
}

function text(given: readonly Piece[]): string {
  return given.map((piece) => piece.text).join("");
}

function templateText(given: readonly Piece[]): string {
  return text(given.filter(({ specials }) => specials));
}

function called(call: Partial<ToolCall>): Segment[] {
  const toolCalls = [{ id: "c", name: "look", arguments: {}, ...call }];
  const result = { ...toolResult("t", "Found."), toolCallId: toolCalls[0]!.id };
  return [answer("a", "", { toolCalls }), result];
}

describe("an argument of a past call", () => {
  const segments = called({ arguments: { at: CODE, plain: 'a "b"', deep: [CODE] } });

  it("is written as it is where the template writes it so, whatever it holds", () => {
    const rendered = text(pieces(RAW_CALLS, segments));
    expect(rendered).toContain(`<look>at=${CODE};plain=a "b";`);
  });

  it("is escaped where the same template writes JSON", () => {
    expect(text(pieces(RAW_CALLS, segments))).toContain(`deep=${JSON.stringify([CODE])};`);
    const json = text(pieces(JSON_CALLS, segments)).replace(/Found\.$/u, "");
    expect(JSON.parse(json)).toEqual({
      name: "look",
      arguments: { at: CODE, plain: 'a "b"', deep: [CODE] },
    });
  });
});

describe("the id of a call", () => {
  it("cannot spell a control token where the template writes it", () => {
    const rendered = pieces(IDS, called({ id: CONTROL }));
    expect(text(rendered)).toBe(`(${CONTROL})look=${CONTROL}Found.`);
    expect(templateText(rendered)).toBe("()look=");
  });

  it("is text of the template if it is an ordinary one", () => {
    const rendered = pieces(IDS, called({ id: "call-1" }));
    expect(templateText(rendered)).toBe("(call-1)look=call-1");
  });

  it("may be left out, and so may the name in a result", () => {
    const [asked, result] = called({ id: CONTROL, name: "<look>" });
    const named = { ...result, toolName: "<look>" } as Segment;
    expect(text(pieces(RAW_CALLS, [asked!, named]))).toBe("<<look>>Found.");
  });
});

describe("a tool", () => {
  const parameters = { type: "object", properties: { at: { pattern: "^[a-z]+$" } } };
  const described: Tool = { name: "look", description: 'Says "x" in <b>.', parameters };

  it("is described as the template writes it, without escapes of JSON", () => {
    const rendered = pieces(RAW_TOOLS, [user("u", "Hi")], [described]);
    expect(text(rendered)).toBe('look: Says "x" in <b>.\nHi');
  });

  it("may be told without its schema, whatever that holds", () => {
    const foreign = { ...described, description: "Looks." };
    expect(text(pieces(RAW_TOOLS, [user("u", "Hi")], [foreign]))).toBe("look: Looks.\nHi");
  });

  it.each(["look", "<look>"])("is never left out: %s", async (name) => {
    const refusal = await refusalOf(() =>
      pieces(UNTOLD, [user("u", "Hi")], [{ name, description: "Looks." }]),
    );
    expect(refusal.kind).toBe("badRequest");
  });
});

describe("a template that cuts a text short", () => {
  it("is refused, also where the text may be left out", async () => {
    const cutting = RAW_TOOLS.replace("description ~", "description[:20] ~");
    const tools = [{ name: "look", description: "Looks in <b>." }];
    const refusal = await refusalOf(() => pieces(cutting, [user("u", "Hi")], tools));
    expect(refusal.kind).toBe("badRequest");
  });
});
