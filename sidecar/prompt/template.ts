import { Template } from "@huggingface/jinja";
import type { Tool } from "../../protocol/segment.ts";
import { Refusal } from "../refusal.ts";
import type { ChatFormat } from "../engine/engine.ts";

/** A message as chat templates expect it (the form of the OpenAI chat API). */
export type TemplateMessage = {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly TemplateCall[];
  readonly tool_call_id?: string;
  readonly name?: string;
};

export type TemplateCall = {
  readonly id: string;
  readonly type: "function";
  readonly function: { readonly name: string; readonly arguments: Record<string, unknown> };
};

/** For models whose file has no template. ChatML is what most such models were tuned on. */
const CHATML = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

/** The model's own chat template. */
export class ChatTemplate {
  /** Whether the template tells the model about tools, calls and results. */
  readonly writesTools: boolean;
  readonly #template: Template;
  readonly #format: ChatFormat;

  constructor(format: ChatFormat) {
    this.#format = format;
    this.writesTools = format.writesTools;
    try {
      this.#template = new Template(format.template ?? CHATML);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Refusal("modelUnreadable", `The model's chat template is broken: ${reason}`);
    }
  }

  render(
    messages: readonly TemplateMessage[],
    tools: readonly Tool[],
    options: { readonly generationPrompt: boolean },
  ): string {
    try {
      return this.#template.render({
        messages: [...messages],
        tools: tools.length === 0 ? undefined : tools.map(asFunction),
        add_generation_prompt: options.generationPrompt,
        bos_token: this.#format.bosText,
        eos_token: this.#format.eosText,
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Refusal("badRequest", `The chat template refuses this conversation: ${reason}`);
    }
  }
}

function asFunction(tool: Tool): Record<string, unknown> {
  const { name, description, parameters } = tool;
  return {
    type: "function",
    function: {
      name,
      description,
      parameters: parameters ?? { type: "object", properties: {} },
    },
  };
}
