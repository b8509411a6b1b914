import type { GenerateEvent } from "../../protocol/generate.ts";
import type { AnswerSegment, ToolCall } from "../../protocol/segment.ts";

/** What has been streamed of an answer so far. */
export class AnswerParts {
  #text = "";
  #reasoning = "";
  readonly #toolCalls: ToolCall[] = [];

  add(event: GenerateEvent): void {
    if (event.kind === "text") this.#text += event.text;
    else if (event.kind === "reasoning") this.#reasoning += event.text;
    else if (event.kind === "toolCall") this.#toolCalls.push(event.call);
  }

  get empty(): boolean {
    return this.#text === "" && this.#reasoning === "" && this.#toolCalls.length === 0;
  }

  asSegment(id: string): AnswerSegment {
    return {
      id,
      role: "assistant",
      kind: "answer",
      stability: "recent",
      text: this.#text,
      ...(this.#reasoning === "" ? {} : { reasoning: this.#reasoning }),
      ...(this.#toolCalls.length === 0 ? {} : { toolCalls: [...this.#toolCalls] }),
    };
  }
}
