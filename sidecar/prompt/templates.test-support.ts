import type { ChatFormat } from "../engine/engine.ts";
import { ChatTemplate } from "./template.ts";

const OPEN = '{{- "<|im_start|>" ~ message.role ~ "\\n" -}}';
const CLOSE = '{{- "<|im_end|>\\n" -}}';

/** A template that writes each message with `content`, and ends with `generationPrompt`. */
function chatml(content: string, generationPrompt = "<|im_start|>assistant\\n"): string {
  return [
    '{%- if tools -%}{{- "Tools: " ~ (tools | tojson) ~ "\\n" -}}{%- endif -%}',
    `{%- for message in messages -%}${OPEN}${content}${CLOSE}{%- endfor -%}`,
    `{%- if add_generation_prompt -%}{{- "${generationPrompt}" -}}{%- endif -%}`,
  ].join("");
}

export const templates = {
  plain: chatml("{{- message.content -}}"),
  trimming: chatml("{{- message.content | trim -}}"),
  escaping: chatml(
    '{%- if message.role == "tool" -%}{{- message.content | tojson -}}' +
      "{%- else -%}{{- message.content -}}{%- endif -%}",
  ),
  thinking: chatml("{{- message.content -}}", "<|im_start|>assistant\\n<think>\\n"),
} as const;

export function formatOf(template: string | null, more: Partial<ChatFormat> = {}): ChatFormat {
  const tokens = { bosText: "<s>", eosText: "<|im_end|>", bosToken: null };
  return { template, writesTools: true, ...tokens, ...more };
}

export function chatTemplate(
  template: string | null,
  more: Partial<ChatFormat> = {},
): ChatTemplate {
  return new ChatTemplate(formatOf(template, more));
}
