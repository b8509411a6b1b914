import type { AgentEvent, CallEnd } from "../../extension/agent/agent-event.ts";
import type { AgentOutcome } from "../../extension/agent/agent-outcome.ts";
import type { ModelFacts } from "../../protocol/model.ts";
import { reusedTokens } from "../../protocol/usage.ts";

type Step = {
  readonly step: number;
  readonly promptTokens: number;
  readonly reusedTokens: number;
  readonly prefilledTokens: number;
  readonly generatedTokens: number;
  readonly calls: Call[];
};

type Call = {
  readonly tool: string;
  readonly did: string;
  readonly end: CallEnd;
  readonly sentence: string;
};

type Finished = {
  readonly outcome: AgentOutcome;
  readonly steps: readonly Step[];
  /** Absolute paths of the files that were changed, each once. */
  readonly changed: readonly string[];
  readonly model: ModelFacts;
};

/** What an agent has done, for a program to read. */
export class AgentReport {
  readonly #steps: Step[] = [];
  readonly #changed = new Set<string>();
  readonly #started = new Map<string, string>();

  add(event: AgentEvent): void {
    if (event.kind === "answered") {
      const { step, usage } = event;
      const { promptTokens, prefilledTokens, generatedTokens } = usage;
      const reused = reusedTokens(usage);
      this.#steps.push({
        step,
        promptTokens,
        reusedTokens: reused,
        prefilledTokens,
        generatedTokens,
        calls: [],
      });
    } else if (event.kind === "callStarted") this.#started.set(event.callId, event.sentence);
    else if (event.kind === "callEnded") {
      const { tool, end, sentence, callId } = event;
      const did = this.#started.get(callId) ?? tool;
      this.#steps.at(-1)?.calls.push({ tool, did, end, sentence });
    }
  }

  changed(path: string): void {
    this.#changed.add(path);
  }

  get hasChanges(): boolean {
    return this.#changed.size > 0;
  }

  finished(outcome: AgentOutcome, model: ModelFacts): Finished {
    return { outcome, steps: this.#steps, changed: [...this.#changed], model };
  }
}
