import type { AgentEvent } from "../../extension/agent/agent-event.ts";
import type { AgentOutcome } from "../../extension/agent/agent-outcome.ts";
import { formatCount, formatShare } from "../../extension/meter/format.ts";
import { reusedTokens } from "../../protocol/usage.ts";

/** Shows what an agent does while it does it. */
export class StepPrinter {
  readonly #out: { write(text: string): unknown };
  /** Whether the last line is not complete yet. */
  #open = false;
  #started: Extract<AgentEvent, { kind: "callStarted" }>[] = [];

  constructor(out: { write(text: string): unknown }) {
    this.#out = out;
  }

  show(event: AgentEvent): void {
    if (event.kind === "answered") this.#answered(event);
    else if (event.kind === "text" || event.kind === "callOutput") this.#write(event.text);
    else if (event.kind === "note") this.say(`  ${event.sentence}`);
    else if (event.kind === "callEnded") this.#ended(event);
    else if (event.kind === "callStarted") {
      this.#started.push(event);
      this.say(`  ${event.sentence}`);
    }
  }

  say(line: string): void {
    this.#out.write(`${this.#open ? "\n" : ""}${line}\n`);
    this.#open = false;
  }

  end(outcome: AgentOutcome): void {
    if (outcome.kind === "ended") this.say(`kvasir: ${outcome.sentence}`);
    else if (this.#open) this.say("");
  }

  #answered({ step, usage }: Extract<AgentEvent, { kind: "answered" }>): void {
    const { promptTokens, prefilledTokens } = usage;
    const share = promptTokens === 0 ? 0 : reusedTokens(usage) / promptTokens;
    const prefilled = `${formatCount(prefilledTokens)} of ${formatCount(promptTokens)} tokens`;
    this.say(`[${step}] prefilled ${prefilled}, ${formatShare(share)} reused`);
  }

  /** Names the call again where several are under way. */
  #ended({ callId, end, sentence }: Extract<AgentEvent, { kind: "callEnded" }>): void {
    const did = this.#started.find((started) => started.callId === callId)?.sentence ?? "";
    const prefix = this.#started.length > 1 ? `${did}: ` : "";
    this.#started = this.#started.filter((started) => started.callId !== callId);
    if (sentence !== "") this.say(`  ${end === "done" ? "→" : "✗"} ${prefix}${sentence}`);
  }

  #write(text: string): void {
    if (text === "") return;
    this.#out.write(text);
    this.#open = !text.endsWith("\n");
  }
}
