// Jinja chat templates in Kvasir's own wording. They use only what both @huggingface/jinja and
// llama.cpp's own renderer know. Every output is trimmed on both sides, so that the line breaks of
// these sources never reach a prompt.

const systemPart = String.raw`
{%- set has_system = messages and messages[0].role == "system" -%}
{%- if has_system or tools -%}
  {{- "<|im_start|>system\n" -}}
  {%- if has_system -%}{{- messages[0].content -}}{%- endif -%}
  {%- if has_system and tools -%}{{- "\n\n" -}}{%- endif -%}
  {%- if tools -%}
    {{- "## Tools\n\nEach line below is the JSON schema of one tool you may use.\n" -}}
    {%- for tool in tools -%}{{- tool | tojson -}}{{- "\n" -}}{%- endfor -%}
    {{- "\nUse a tool by writing a block of this form:\n" -}}
    {{- "<tool_call>\n{\"name\": \"NAME\", \"arguments\": {}}\n</tool_call>" -}}
  {%- endif -%}
  {{- "<|im_end|>\n" -}}
{%- endif -%}`;

const lastUserPart = String.raw`
{%- set last = namespace(user=-1) -%}
{%- for message in messages -%}
  {%- if message.role == "user" -%}{%- set last.user = loop.index0 -%}{%- endif -%}
{%- endfor -%}`;

const thoughtPart = String.raw`
    {%- if message.reasoning_content and loop.index0 > last.user -%}
      {{- "<think>\n" -}}{{- message.reasoning_content -}}{{- "\n</think>\n\n" -}}
    {%- endif -%}`;

const toolCallsPart = String.raw`
    {%- if message.tool_calls -%}
      {%- for call in message.tool_calls -%}
        {%- if message.content or not loop.first -%}{{- "\n" -}}{%- endif -%}
        {{- "<tool_call>\n{\"name\": \"" -}}{{- call.function.name -}}{{- "\", \"arguments\": " -}}
        {%- if call.function.arguments is string -%}{{- call.function.arguments -}}
        {%- else -%}{{- call.function.arguments | tojson -}}{%- endif -%}
        {{- "}\n</tool_call>" -}}
      {%- endfor -%}
    {%- endif -%}`;

const toolResultPart = String.raw`
    {%- if loop.first or messages[loop.index0 - 1].role != "tool" -%}
      {{- "<|im_start|>user" -}}
    {%- endif -%}
    {{- "\n<tool_response>\n" -}}{{- message.content -}}{{- "\n</tool_response>" -}}
    {%- if loop.last or messages[loop.index0 + 1].role != "tool" -%}
      {{- "<|im_end|>\n" -}}
    {%- endif -%}`;

function messagesPart(assistantThoughtPart: string): string {
  return String.raw`
{%- for message in messages -%}
  {%- if message.role == "assistant" -%}
    {{- "<|im_start|>assistant\n" -}}${assistantThoughtPart}
    {%- if message.content -%}{{- message.content -}}{%- endif -%}${toolCallsPart}
    {{- "<|im_end|>\n" -}}
  {%- elif message.role == "tool" -%}${toolResultPart}
  {%- elif not (loop.first and has_system) -%}
    {{- "<|im_start|>" -}}{{- message.role -}}{{- "\n" -}}{{- message.content -}}
    {{- "<|im_end|>\n" -}}
  {%- endif -%}
{%- endfor -%}`;
}

const generationPart = String.raw`
{%- if add_generation_prompt -%}{{- "<|im_start|>assistant\n" -}}{%- endif -%}`;

const emptyThoughtPart = String.raw`
{%- if add_generation_prompt and enable_thinking is defined and enable_thinking is false -%}
  {{- "<think>\n\n</think>\n\n" -}}
{%- endif -%}`;

/** ChatML with tools. It has no default system prompt and no date, so a prompt's start stays stable. */
export const chatmlTemplate: string = systemPart + messagesPart("") + generationPart;

/**
 * ChatML whose assistant messages may carry thoughts. Thoughts before the last user message are left
 * out, as templates of real reasoning models do.
 */
export const reasoningTemplate: string =
  systemPart + lastUserPart + messagesPart(thoughtPart) + generationPart + emptyThoughtPart;
