import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Segment, Tool } from "../../protocol/segment.ts";
import { refusalOf } from "../history/refused.test-support.ts";
import { answer, system, toolResult, user, windowOf } from "../history/segments.test-support.ts";
import type { Piece } from "./form.ts";
import { messagesOf } from "./messages.ts";
import { type Prompt, renderPrompt } from "./render.ts";
import { chatTemplate, templates } from "./templates.test-support.ts";

const MODEL = "this model";
const tools: Tool[] = [{ name: "look", description: "Looks." }];

function rendered(template: string, segments: readonly Segment[], given: Tool[] = []): Prompt {
  return renderPrompt(chatTemplate(template), windowOf(segments, given), MODEL);
}

function joined({ pieces }: Prompt): string {
  return pieces.map(({ text }) => text).join("");
}

/** The template's own rendering, with the texts in it from the start. */
function direct(template: string, segments: readonly Segment[], given: Tool[] = []): string {
  const messages = messagesOf(segments).map((message) => ({
    role: message.role,
    content: message.segments.map(({ text }) => text).join("\n\n"),
  }));
  return chatTemplate(template).render(messages, given, { generationPrompt: true });
}

const ordinary = ["a", " ", "\n", "\t", '"', "\\", "é", "😀", "0", "$&"];
const awkward = ["{{ x }}", "{% if %}", "{#", "<|im_end|>", "</script>", "\u2028"];
const placeholders = ["\uE0F00\uE0F1", "\uE0F0", "\uE0F1"];

const texts = fc.string({
  unit: fc.constantFrom(...ordinary, ...awkward, ...placeholders),
  maxLength: 8,
});

const segmentLists = fc
  .array(fc.tuple(fc.constantFrom(system, user, toolResult, answer), texts), { maxLength: 8 })
  .map((list) => list.map(([make, text], index) => make(`id ${index}`, text)));

describe.each(Object.entries(templates))("a prompt in the %s template", (_, template) => {
  it("reads as if the texts had been in the rendering from the start", () => {
    fc.assert(
      fc.property(segmentLists, fc.boolean(), (segments, withTools) => {
        const given = withTools ? tools : [];
        expect(joined(rendered(template, segments, given))).toBe(direct(template, segments, given));
      }),
    );
  });

  it("says of each text whose it is", () => {
    const segments = [system("s", "Be brief."), user("u", " Hello "), toolResult("t", "It is.")];
    const owned = rendered(template, segments).pieces.filter(({ segmentId }) => segmentId !== null);
    expect(owned).toEqual([
      { text: "Be brief.", segmentId: "s", specials: false },
      { text: "Hello", segmentId: "u", specials: false },
      { text: "It is.", segmentId: "t", specials: false },
    ]);
  });
});

describe("a prompt", () => {
  it("joins the segments of a message with an empty line that belongs to the template", () => {
    const { pieces } = rendered(templates.plain, [user("a", "One"), user("b", "Two")]);
    expect(pieces.map(({ text, segmentId }) => [segmentId, text])).toEqual([
      [null, "<|im_start|>user\n"],
      ["a", "One"],
      [null, "\n\n"],
      ["b", "Two"],
      [null, "<|im_end|>\n<|im_start|>assistant\n"],
    ]);
  });

  it("keeps a text in one piece that spells a placeholder or a control token", () => {
    const text = "\uE0F00\uE0F1 {{ messages }} <|im_end|>";
    const { pieces } = rendered(templates.plain, [user("a", "One"), answer("b", text)]);
    expect(pieces).toContainEqual({ text, segmentId: "b", specials: false });
  });

  it("lets the template trim a text without changing the piece", () => {
    const once = rendered(templates.trimming, [user("a", "One")]).pieces;
    expect(rendered(templates.trimming, [user("a", "\n One \n")]).pieces).toEqual(once);
  });

  it("escapes a tool result where the template writes JSON", () => {
    const { pieces } = rendered(templates.escaping, [user("u", '"'), toolResult("t", 'a "b"\n c')]);
    expect(pieces).toContainEqual({ text: '"', segmentId: "u", specials: false });
    expect(pieces).toContainEqual({
      text: String.raw`a \"b\"\n c`,
      segmentId: "t",
      specials: false,
    });
  });

  it("is not confused by placeholders in what is no text: tools, calls and reasoning", () => {
    const odd = "\uE0F00\uE0F1 \uE0F07\uE0F1";
    const template = templates.plain.replace(
      "{{- message.content -}}",
      "{{- (message.reasoning_content or '') ~ message.content -}}" +
        "{%- if message.tool_calls -%}{{- message.tool_calls | tojson -}}{%- endif -%}",
    );
    const toolCalls = [{ id: "c", name: "look", arguments: { at: odd } }];
    const segments = [user("u", "Hello"), answer("a", "Hi", { reasoning: odd, toolCalls })];
    const prompt = rendered(template, segments, [{ name: "look", description: odd }]);
    expect(joined(prompt).split(odd)).toHaveLength(4);
    expect(prompt.pieces.filter(({ segmentId }) => segmentId === "u")).toHaveLength(1);
  });

  it("leaves past thoughts out where the template does, and only those", async () => {
    const reasoned = answer("a", "Hi", { reasoning: " I was greeted. " });
    const { pieces } = rendered(templates.plain, [user("u", "Hello"), reasoned, user("v", "And?")]);
    expect(pieces.flatMap(({ segmentId, text }) => (segmentId === "a" ? [text] : []))).toEqual([
      "Hi",
    ]);
    const thoughtsOnly = templates.plain.replace(
      "{{- message.content -}}",
      "{{- message.reasoning_content or message.content -}}",
    );
    const refused = await refusalOf(() => rendered(thoughtsOnly, [user("u", "Hello"), reasoned]));
    expect(refused.kind).toBe("badRequest");
  });

  it("refuses a template that leaves a text out", async () => {
    const template = "{{ messages[-1].content }}";
    const segments = [user("u", "Hello"), answer("a", "Hi"), user("v", "And?")];
    expect((await refusalOf(() => rendered(template, segments))).kind).toBe("badRequest");
  });
});

describe("the ids of a past answer", () => {
  const generated = { fingerprint: MODEL, tokens: [4, 5, 6] };

  it("are used verbatim by the model that generated them", () => {
    const { pieces } = rendered(templates.plain, [
      user("u", "?"),
      answer("a", "Hi", { generated }),
    ]);
    expect(pieces).toContainEqual({
      text: "Hi",
      segmentId: "a",
      specials: false,
      tokens: [4, 5, 6],
    });
  });

  it("mean nothing to another model, which is given the text", () => {
    const other = { ...generated, fingerprint: "another model" };
    const { pieces } = rendered(templates.plain, [answer("a", "Hi", { generated: other })]);
    expect(pieces).toContainEqual({ text: "Hi", segmentId: "a", specials: false });
  });

  it("replace what the template would write of reasoning and calls", () => {
    const template = templates.plain.replace(
      "{{- message.content -}}",
      "{{- (message.reasoning_content or '') ~ message.content -}}" +
        "{%- if message.tool_calls -%}{{- message.tool_calls | tojson -}}{%- endif -%}",
    );
    const toolCalls = [{ id: "c", name: "look", arguments: { at: "it" } }];
    const spoken = answer("a", "Hi", { generated, toolCalls, reasoning: "Hm" });
    expect(joined(rendered(template, [spoken]))).not.toContain("Hm");
    const { generated: _, ...written } = spoken;
    const text = joined(rendered(template, [written]));
    expect(text).toContain("HmHi");
    expect(text).toContain('"look"');
  });

  it("give way to the structured form where the template refuses the plain one", () => {
    const template = `{%- for message in messages -%}
      {%- if message.role == "tool" and not messages[loop.index0 - 1].tool_calls -%}
        {{- raise_exception("A result needs a call") -}}
      {%- endif -%}
      {{- message.content -}}
    {%- endfor -%}`;
    const toolCalls = [{ id: "c", name: "look", arguments: {} }];
    const segments = [answer("a", "Hi", { generated, toolCalls }), toolResult("t", "It is.")];
    const { pieces } = rendered(template, segments);
    expect(pieces).toEqual([
      { text: "Hi", segmentId: "a", specials: false },
      { text: "It is.", segmentId: "t", specials: false },
    ]);
  });
});

describe("the opening of the answer", () => {
  it("is what the template opens a new answer with and a past one without", () => {
    const prompt = rendered(templates.thinking, [user("u", "Hello")]);
    expect(prompt.answerOpening).toBe("<think>\n");
    expect(prompt.pieces.slice(-2)).toEqual([
      { text: "<|im_end|>\n<|im_start|>assistant\n", segmentId: null, specials: true },
      { text: "<think>\n", segmentId: null, specials: true },
    ]);
  });

  it("is empty where both open alike, or a past answer opens otherwise", () => {
    expect(rendered(templates.plain, [user("u", "Hello")]).answerOpening).toBe("");
    const otherwise = `{%- for message in messages -%}
      {{- ("Past: " if message.role == "assistant" else "") ~ message.content -}}
    {%- endfor -%}
    {%- if add_generation_prompt -%}New: {%- endif -%}`;
    expect(rendered(otherwise, [user("u", "Hello")]).answerOpening).toBe("");
  });

  it("is empty where the template refuses a past answer, and the prompt still renders", () => {
    const template = `{%- for message in messages -%}
      {%- if message.role == "assistant" -%}{{- raise_exception("No") -}}{%- endif -%}
      {{- message.content -}}
    {%- endfor -%}{{- "Answer:" -}}`;
    const prompt = rendered(template, [user("u", "Hello")]);
    expect(prompt.answerOpening).toBe("");
    expect(joined(prompt)).toBe("HelloAnswer:");
  });
});

describe("a template without system messages", () => {
  const refusing = templates.plain.replace(
    "{{- message.content -}}",
    '{%- if message.role == "system" -%}{{- raise_exception("No system") -}}{%- endif -%}$&',
  );

  it("is given their text in front of the user's", () => {
    const { pieces } = rendered(refusing, [system("s", "Be brief."), user("u", "Hello")]);
    expect(pieces.map(({ text, segmentId }) => [segmentId, text])).toEqual([
      [null, "<|im_start|>user\n"],
      ["s", "Be brief."],
      [null, "\n\n"],
      ["u", "Hello"],
      [null, "<|im_end|>\n<|im_start|>assistant\n"],
    ]);
  });

  it("is given their text as a user message where none follows", () => {
    const text = joined(
      rendered(refusing, [user("u", "Hello"), answer("a", "Hi"), system("s", "X")]),
    );
    expect(text).toContain("<|im_start|>user\nX<|im_end|>");
  });

  it("keeps the ids of past answers", () => {
    const generated = { fingerprint: MODEL, tokens: [4] };
    const segments = [system("s", "Be brief."), user("u", "?"), answer("a", "Hi", { generated })];
    expect(rendered(refusing, segments).pieces).toContainEqual({
      text: "Hi",
      segmentId: "a",
      specials: false,
      tokens: [4],
    });
  });
});

describe("text that the template writes as it is", () => {
  const special = "ends <|im_end|> here";
  const specialText = (pieces: readonly Piece[]): string =>
    pieces.map((piece) => (piece.specials ? piece.text : "")).join("");

  it("cannot spell a control token in a tool", () => {
    const schema = { type: "object", properties: { [special]: { description: special } } };
    const tools = [{ name: special, description: special, parameters: schema }];
    const window = { version: 1, segments: [user("u", "Hi")], tools };
    const { pieces } = renderPrompt(chatTemplate(templates.plain), window, MODEL);
    expect(specialText(pieces)).not.toContain("ends");
    expect(pieces.filter(({ text }) => text === special)).toHaveLength(4);
  });

  it("cannot spell one in the explanation of tools that a template does not write", () => {
    const tools = [{ name: "a", description: special }];
    const window = { version: 1, segments: [user("u", "Hi")], tools };
    const template = chatTemplate(templates.plain, { writesTools: false });
    const { pieces } = renderPrompt(template, window, MODEL);
    expect(specialText(pieces)).not.toContain("ends");
    expect(joined({ pieces, answerOpening: "" })).toContain(special);
  });
});
