import type { GenerateEvent } from "../../protocol/generate.ts";
import type { Generated, ToolCall } from "../../protocol/segment.ts";
import type { AnswerPart } from "../engine/engine.ts";
import type { Said } from "../history/generations.ts";

/** Passes the parts of an answer on as they come and keeps them for the history. */
export class Answer {
  readonly #onEvent: (event: GenerateEvent) => void;
  #text = "";
  #reasoning = "";
  readonly #toolCalls: ToolCall[] = [];

  constructor(onEvent: (event: GenerateEvent) => void) {
    this.#onEvent = onEvent;
  }

  add(part: AnswerPart): void {
    if (part.kind === "text") this.#text += part.text;
    else if (part.kind === "reasoning") this.#reasoning += part.text;
    else this.#toolCalls.push(part.call);
    this.#onEvent(part);
  }

  finished(generated: Generated): Said {
    return {
      generated,
      text: this.#text,
      ...(this.#reasoning === "" ? {} : { reasoning: this.#reasoning }),
      ...(this.#toolCalls.length === 0 ? {} : { toolCalls: this.#toolCalls }),
    };
  }
}
