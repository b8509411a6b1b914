import { describe, expect, it } from "vitest";
import { refusalOf } from "../history/refused.test-support.ts";
import { chatTemplate, templates } from "./templates.test-support.ts";

const hello = [{ role: "user", content: "Hello" }] as const;
const asked = { generationPrompt: true };
const open = { generationPrompt: false };

describe("a chat template", () => {
  it("renders messages, and the opening of the answer only when asked to", () => {
    const template = chatTemplate(templates.plain);
    expect(template.render(hello, [], open)).toBe("<|im_start|>user\nHello<|im_end|>\n");
    expect(template.render(hello, [], asked)).toBe(
      "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n",
    );
  });

  it("is ChatML for a model whose file has none", () => {
    expect(chatTemplate(null).render(hello, [], asked)).toBe(
      "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant\n",
    );
  });

  it("is given tools in the form of the OpenAI chat API, with empty parameters for none", () => {
    const template = chatTemplate("{{ tools | tojson }}");
    const schema = { type: "object", properties: { at: { type: "string" } } };
    const tools = [
      { name: "look", description: "Looks." },
      { name: "read", description: "Reads.", parameters: schema },
    ];
    expect(JSON.parse(template.render(hello, tools, open))).toEqual([
      {
        type: "function",
        function: {
          name: "look",
          description: "Looks.",
          parameters: { type: "object", properties: {} },
        },
      },
      { type: "function", function: { name: "read", description: "Reads.", parameters: schema } },
    ]);
  });

  it("sees no tools where there are none", () => {
    const template = chatTemplate("{% if tools is defined and tools %}yes{% else %}no{% endif %}");
    expect(template.render(hello, [], open)).toBe("no");
    expect(template.render(hello, [{ name: "look", description: "" }], open)).toBe("yes");
  });

  it("knows the names of the tokens that begin and end a text", () => {
    expect(chatTemplate("{{ bos_token ~ eos_token }}").render([], [], open)).toBe("<s><|im_end|>");
  });

  it("that is broken makes the model unreadable", async () => {
    const refusal = await refusalOf(() => chatTemplate("{% for message in %}"));
    expect(refusal.kind).toBe("modelUnreadable");
  });

  it("that refuses a conversation makes it a bad request, with the template's reason", async () => {
    const template = chatTemplate('{{ raise_exception("Roles must alternate") }}');
    const refusal = await refusalOf(() => template.render(hello, [], open));
    expect(refusal.kind).toBe("badRequest");
    expect(refusal.message).toContain("Roles must alternate");
  });
});
