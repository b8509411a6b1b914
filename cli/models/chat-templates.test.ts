import { Template } from "@huggingface/jinja";
import { JinjaTemplateChatWrapper, LlamaText, SpecialTokensText } from "node-llama-cpp";
import { expect, test } from "vitest";
import { chatmlTemplate, reasoningTemplate } from "./chat-templates.ts";

function special(text: string): LlamaText {
  return LlamaText(new SpecialTokensText(text));
}

function callTool(name: string, args: unknown) {
  return { type: "function", function: { name, arguments: args } };
}

const toolTurn = [
  { role: "user", content: "Add." },
  {
    role: "assistant",
    content: "Adding.",
    reasoning_content: "Use the tool.",
    tool_calls: [callTool("add", { a: 1 }), callTool("add", '{"a": 2}')],
  },
  { role: "tool", content: "one" },
  { role: "tool", content: "two" },
];

const renderedCalls = `<tool_call>
{"name": "add", "arguments": {"a": 1}}
</tool_call>
<tool_call>
{"name": "add", "arguments": {"a": 2}}
</tool_call><|im_end|>
<|im_start|>user
<tool_response>
one
</tool_response>
<tool_response>
two
</tool_response><|im_end|>
`;

test("chatml renders the roles and nothing of its own", () => {
  const messages = [
    { role: "system", content: "Be brief." },
    { role: "user", content: "Hello" },
  ];
  expect(new Template(chatmlTemplate).render({ messages, add_generation_prompt: true })).toBe(
    "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHello<|im_end|>\n" +
      "<|im_start|>assistant\n",
  );
  expect(new Template(chatmlTemplate).render({ messages: messages.slice(1) })).toBe(
    "<|im_start|>user\nHello<|im_end|>\n",
  );
});

test("chatml lists each tool on a line of the system message", () => {
  const tools = ["add", "find"].map((name) => ({ type: "function", function: { name } }));
  const messages = [{ role: "user", content: "Hello" }];
  const lines = new Template(chatmlTemplate).render({ messages, tools }).split("\n");
  expect(lines[0]).toBe("<|im_start|>system");
  expect(lines).toContain('{"type": "function", "function": {"name": "add"}}');
  expect(lines).toContain('{"type": "function", "function": {"name": "find"}}');
});

test("chatml renders tool calls, and consecutive results in one message", () => {
  expect(new Template(chatmlTemplate).render({ messages: toolTurn })).toBe(
    `<|im_start|>user\nAdd.<|im_end|>\n<|im_start|>assistant\nAdding.\n${renderedCalls}`,
  );
});

test("reasoning keeps thoughts only after the last user message", () => {
  const render = (messages: unknown[]) => new Template(reasoningTemplate).render({ messages });
  const start = "<|im_start|>user\nAdd.<|im_end|>\n<|im_start|>assistant\n";
  const later = { role: "user", content: "Thanks" };
  expect(render(toolTurn)).toBe(
    `${start}<think>\nUse the tool.\n</think>\n\nAdding.\n${renderedCalls}`,
  );
  expect(render([...toolTurn, later])).toBe(
    `${start}Adding.\n${renderedCalls}<|im_start|>user\nThanks<|im_end|>\n`,
  );
});

test("reasoning that is switched off opens the answer with an empty thought", () => {
  const template = new Template(reasoningTemplate);
  const messages = [{ role: "user", content: "Hi" }];
  const start = "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n";
  const on = { messages, add_generation_prompt: true };
  expect(template.render(on)).toBe(start);
  expect(template.render({ ...on, enable_thinking: true })).toBe(start);
  expect(template.render({ ...on, enable_thinking: false })).toBe(
    `${start}<think>\n\n</think>\n\n`,
  );
});

test.each([
  ["chatml", chatmlTemplate],
  ["reasoning", reasoningTemplate],
])("the chat wrapper reads the tool call syntax out of %s", (_, template) => {
  const wrapper = new JinjaTemplateChatWrapper({ template });
  expect(wrapper.usingJinjaFunctionCallTemplate).toBe(true);
  expect(wrapper.settings.supportsSystemMessages).toBe(true);
  const { call, result } = wrapper.settings.functions;
  expect(call.prefix).toEqual(special('<tool_call>\n{"name": "'));
  expect(call.paramsPrefix).toEqual(special('", "arguments": '));
  expect(call.suffix).toEqual(special("}\n</tool_call>"));
  expect(result.prefix).toEqual(special("\n<tool_response>\n"));
  expect(result.suffix).toEqual(special("\n</tool_response>"));
});

test("the chat wrapper reads the thought segment out of reasoning only", () => {
  const plain = new JinjaTemplateChatWrapper({ template: chatmlTemplate });
  const reasoning = new JinjaTemplateChatWrapper({ template: reasoningTemplate });
  expect(plain.settings.segments?.thought).toBeUndefined();
  expect(reasoning.settings.segments?.thought).toMatchObject({
    prefix: special("<think>\n"),
    suffix: special("\n</think>\n\n"),
  });
  expect(reasoning.keepOnlyLastThought).toBe(true);
});
