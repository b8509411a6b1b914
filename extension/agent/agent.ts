import { errorDataOf } from "../../protocol/errors.ts";
import type { GenerateEvent, Sampling } from "../../protocol/generate.ts";
import type { ToolCall } from "../../protocol/segment.ts";
import type { ConversationAnswer } from "../client/conversation.ts";
import type { AgentEvent } from "./agent-event.ts";
import type { AgentLimits } from "./agent-limits.ts";
import { type AgentOutcome, ended } from "./agent-outcome.ts";
import { brokenCall } from "./loop/broken-call.ts";
import { Repeats } from "./loop/repeats.ts";
import { type CallsEnd, type CallsOptions, runCalls, stoppedResults } from "./loop/run-calls.ts";
import { WarmAhead } from "./loop/warm-ahead.ts";
import type { AgentWindow } from "./ports/agent-window.ts";
import { counted } from "./tools/counted.ts";
import type { AgentTool, ToolHost } from "./tools/tool.ts";

/** Answers in a row that hold nothing to act on. The model is told after each but the last. */
const BROKEN_ANSWERS_MAX = 3;
/** An answer for which the window has less room than this could not hold a useful call. */
const ROOM_TOKENS_MIN = 256;

export type AgentOptions = {
  readonly window: AgentWindow;
  readonly tools: readonly AgentTool[];
  readonly host: ToolHost;
  readonly limits: AgentLimits;
  readonly sampling: Sampling;
  readonly onEvent: (event: AgentEvent) => void;
};

type Step = { readonly kind: "next" } | { readonly kind: "over"; readonly outcome: AgentOutcome };
const NEXT: Step = { kind: "next" };

/** Has the model work on a message with tools until it is done, or something ends it. */
export class Agent {
  readonly #options: AgentOptions;
  #repeats = new Repeats();
  #brokenAnswers = 0;

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  async run(message: string, signal: AbortSignal): Promise<AgentOutcome> {
    try {
      return await this.#run(message, signal);
    } finally {
      this.#options.window.end();
    }
  }

  async #run(message: string, signal: AbortSignal): Promise<AgentOutcome> {
    const { window, limits, onEvent } = this.#options;
    // An earlier turn may have been cut off in the middle, by a crash for example.
    this.#closeCalls();
    this.#repeats = new Repeats();
    this.#brokenAnswers = 0;
    await window.begin(message);
    let tokens = 0;
    for (let step = 1; step <= limits.stepsMax; step++) {
      onEvent({ kind: "stepStarted", step });
      const answered = await this.#generate(limits.turnTokensMax - tokens, signal);
      if (answered.kind === "over") return answered.outcome;
      const { usage, stop, firstTokenMs } = answered.answer;
      tokens += usage.generatedTokens;
      onEvent({ kind: "answered", step, stop, usage, firstTokenMs });
      const taken = await this.#take(answered.answer, signal);
      onEvent({ kind: "stepEnded", step });
      if (taken.kind === "over") return taken.outcome;
      if (tokens >= limits.turnTokensMax) {
        return ended("tokens", `The agent has said ${tokens} tokens, its limit for one turn.`);
      }
    }
    return ended(
      "steps",
      `The agent has taken ${counted(limits.stepsMax, "step")}, its limit for one turn.`,
    );
  }

  async #generate(
    tokensLeft: number,
    signal: AbortSignal,
  ): Promise<Extract<Step, { kind: "over" }> | { kind: "answer"; answer: ConversationAnswer }> {
    const { window, limits, sampling } = this.#options;
    const maxTokens = Math.min(limits.answerTokensMax, tokensLeft);
    try {
      const answer = await window.generate({
        sampling,
        signal,
        maxTokens,
        roomTokens: Math.min(maxTokens, ROOM_TOKENS_MIN),
        onEvent: (event) => this.#show(event),
      });
      return { kind: "answer", answer };
    } catch (error) {
      const data = errorDataOf(error);
      if (data === undefined) throw error;
      const why = data.kind === "promptTooLong" ? "window" : "model";
      return { kind: "over", outcome: ended(why, data.message, data.kind) };
    }
  }

  #show(event: GenerateEvent): void {
    // A call is shown when it runs: then there is a sentence about it.
    if (event.kind !== "toolCall") this.#options.onEvent(event);
  }

  async #take({ segment, stop }: ConversationAnswer, signal: AbortSignal): Promise<Step> {
    const calls = segment.toolCalls ?? [];
    if (stop === "cancelled" || signal.aborted) {
      this.#closeCalls();
      return over(ended("user", "The user stopped the agent."));
    }
    if (calls.length === 0) return this.#takeText(segment.text, stop === "maxTokens");
    this.#brokenAnswers = 0;
    const { summary, looping } = await this.#runCalls(calls, signal);
    if (signal.aborted) return over(ended("user", "The user stopped the agent."));
    if (summary !== null) return over({ kind: "done", text: summary });
    if (looping === null) return NEXT;
    return over(ended("loop", `The agent repeated the same call of ${looping} and was stopped.`));
  }

  async #runCalls(calls: readonly ToolCall[], signal: AbortSignal): Promise<CallsEnd> {
    const { window, tools, host, onEvent } = this.#options;
    const ahead = new WarmAhead(window);
    const notes: string[] = [];
    const onResults: CallsOptions["onResults"] = (results, areMore) => {
      window.addResults(results);
      notes.push(...results.flatMap(({ note }) => note ?? []));
      if (areMore) ahead.more();
    };
    const repeats = this.#repeats;
    try {
      return await runCalls(calls, { tools, host, signal, onEvent, onResults, repeats });
    } finally {
      await ahead.end();
      for (const note of notes) window.addNote(note);
    }
  }

  #takeText(text: string, cut: boolean): Step {
    const { tools } = this.#options;
    const broken = brokenCall(
      text,
      tools.map(({ schema }) => schema.name),
    );
    if (broken !== null) {
      return this.#tell(cut ? "The call did not fit into the answer. Make a smaller one." : broken);
    }
    if (text.trim() === "") return this.#tell("The answer was empty. Call a tool, or finish.");
    if (!cut) return over({ kind: "done", text: text.trim() });
    return over(
      ended("unfinished", "The answer did not come to an end within its limit of tokens."),
    );
  }

  #tell(sentence: string): Step {
    if (++this.#brokenAnswers >= BROKEN_ANSWERS_MAX) {
      const times = `${BROKEN_ANSWERS_MAX} times in a row`;
      return over(ended("garbage", `The model answered ${times} without a call that can be read.`));
    }
    this.#options.onEvent({ kind: "note", sentence });
    this.#options.window.addNote(sentence);
    return NEXT;
  }

  #closeCalls(): void {
    const { window } = this.#options;
    const open = window.openCalls;
    if (open.length > 0) window.addResults(stoppedResults(open));
  }
}

function over(outcome: AgentOutcome): Extract<Step, { kind: "over" }> {
  return { kind: "over", outcome };
}
