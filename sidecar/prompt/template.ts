import { Template } from "@huggingface/jinja";
import type { Tool } from "../../protocol/segment.ts";
import { Refusal } from "../refusal.ts";
import type { ChatFormat } from "../engine/engine.ts";

/** A message as chat templates expect it (the form of the OpenAI chat API). */
export type TemplateMessage = {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly content: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly type: "function";
    readonly function: { readonly name: string; readonly arguments: Record<string, unknown> };
  }[];
  readonly tool_call_id?: string;
  readonly name?: string;
};

/** For models whose file has no template. ChatML is what most such models were tuned on. */
const CHATML = `{% for message in messages %}<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}`;

type Role = TemplateMessage["role"];

/** The model's own chat template, and what must be known of it to fill in texts afterwards. */
export class ChatTemplate {
  /** Whether the template tells the model about tools, calls and results. */
  readonly writesTools: boolean;
  readonly #template: Template;
  readonly #format: ChatFormat;
  readonly #escapes = new Map<Role, boolean>();

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

  /**
   * Whether the template writes the texts of a role as JSON strings, as some do with tool
   * results. Found out once per role by rendering a quotation mark.
   */
  escapes(role: Role): boolean {
    const known = this.#escapes.get(role);
    if (known !== undefined) return known;
    const probe = 'kvasir"probe';
    const before: TemplateMessage[] = role === "user" ? [] : [{ role: "user", content: "x" }];
    let escapes = false;
    try {
      const text = this.render([...before, { role, content: probe }], [], {
        generationPrompt: false,
      });
      escapes = !text.includes(probe) && text.includes('kvasir\\"probe');
    } catch {
      // A template that refuses the probe decides nothing; the real conversation will show.
    }
    this.#escapes.set(role, escapes);
    return escapes;
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
