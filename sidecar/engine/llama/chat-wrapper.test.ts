import { JinjaTemplateChatWrapper } from "node-llama-cpp";
import { describe, expect, it } from "vitest";
import { writesTools } from "./chat-wrapper.ts";

const messages = `{%- for message in messages -%}
  {{- "<" ~ message.role ~ ">" ~ (message.content or "") -}}
  {%- for call in message.tool_calls or [] -%}
    {{- '<call>{"name": "' ~ call.function.name ~ '", "arguments": ' -}}
    {{- call.function.arguments | tojson ~ "}</call>" -}}
  {%- endfor -%}
{%- endfor -%}`;
const tools = "{%- for tool in tools or [] -%}{{- tool | tojson -}}{%- endfor -%}";
const withoutCalls = '{%- for message in messages -%}{{- "<x>" ~ message.content -}}{%- endfor -%}';

function wrapperOf(template: string): JinjaTemplateChatWrapper {
  return new JinjaTemplateChatWrapper({ template });
}

describe("a chat template is left to write tools", () => {
  it("if it names them and writes calls that can be read", () => {
    expect(writesTools(wrapperOf(tools + messages))).toBe(true);
  });

  it("but not if it writes calls alone, because then nobody tells the model its tools", () => {
    expect(wrapperOf(messages).usingJinjaFunctionCallTemplate).toBe(true);
    expect(writesTools(wrapperOf(messages))).toBe(false);
  });

  it("but not if it writes no calls", () => {
    expect(writesTools(wrapperOf(tools + withoutCalls))).toBe(false);
  });
});
