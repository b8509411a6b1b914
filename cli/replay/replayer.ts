import type { Engine } from "../../sidecar/engine/engine.ts";
import { Refusal } from "../../sidecar/refusal.ts";
import { type TurnResult, Turns } from "../../sidecar/turn/turns.ts";
import type { EndReason, Policy, ReplayedCall, ReplayedSession } from "./messages.ts";
import { AnswerScripts, type ScriptedCall } from "./recorded-answer.ts";
import type { RecordedSession, RecordedStep } from "../../extension/sessions/recorded-session.ts";
import { callsOf, nameOf } from "./session.ts";
import { Transcript } from "./transcript.ts";

type Call = Extract<RecordedStep, { readonly kind: "call" }>;

export type ReplayOptions = {
  readonly policy: Policy;
  readonly limitTokens: number;
  /** Told after each call, and why a session ended early. */
  readonly onNote: (text: string) => void;
};

/** Where every session is the same conversation, nothing is kept beside the one prompt. */
const ONLY_SLOT = "slot";

/** Plays recorded sessions on one engine, one after the other, as the sidecar would run them. */
export class Replayer {
  readonly #turns: Turns;
  readonly #scripts: AnswerScripts;
  readonly #windowTokens: number;
  readonly #options: ReplayOptions;
  #sessions = 0;

  constructor(engine: Engine, options: ReplayOptions) {
    this.#turns = new Turns(engine);
    this.#scripts = new AnswerScripts(engine);
    this.#windowTokens = engine.facts.windowTokens;
    this.#options = options;
  }

  async replay(session: RecordedSession): Promise<ReplayedSession> {
    const { policy, onNote } = this.#options;
    this.#sessions++;
    const ownId = `session ${this.#sessions}`;
    const contextId = policy === "naive" || policy === "prefix" ? ONLY_SLOT : ownId;
    const recordedCalls = callsOf(session);
    const transcript = new Transcript(session);
    const calls: ReplayedCall[] = [];
    let alteredAnswers = 0;
    const ended = (endedBecause: EndReason | null): ReplayedSession => {
      return { session: nameOf(session), calls, recordedCalls, endedBecause, alteredAnswers };
    };
    for (const step of session.steps) {
      if (step.kind !== "call") {
        transcript.apply(step);
        continue;
      }
      const at = `${nameOf(session)}: call ${calls.length + 1} of ${recordedCalls}`;
      const outcome = await named(session, step, () => this.#call(contextId, transcript, step));
      if (outcome.kind === "ended") {
        onNote(`${at}: ${outcome.sentence}`);
        return ended(outcome.reason);
      }
      transcript.adopt(step.answer, outcome.result.said.generated);
      const call = replayedCall(outcome.result);
      calls.push(call);
      if (outcome.altered) alteredAnswers++;
      onNote(`${at}: ${progressOf(call)}`);
    }
    return ended(null);
  }

  /** Makes the prompt resident and decodes the recorded answer behind it. */
  async #call(contextId: string, transcript: Transcript, step: Call): Promise<CallOutcome> {
    const { policy, limitTokens } = this.#options;
    const { window } = transcript;
    const promptTokens = this.#scripts.promptTokens(window);
    if (promptTokens > limitTokens) {
      const sentence = `the prompt has ${promptTokens} tokens and the limit is ${limitTokens}; the session ends here.`;
      return { kind: "ended", reason: "promptOverLimit", sentence };
    }
    const scripted = this.#scripts.scriptFor(window, step.answer);
    const script = [...scripted.answer, ...scripted.closing];
    // An empty answer that nothing closes would still be asked for.
    const maxTokens = Math.max(1, script.length);
    if (promptTokens + maxTokens > this.#windowTokens) {
      const sentence = `the window of ${this.#windowTokens} tokens has no room for an answer of ${maxTokens} behind a prompt of ${promptTokens}; the session ends here.`;
      return { kind: "ended", reason: "noRoomForAnswer", sentence };
    }
    if (policy === "naive") await this.#turns.clear();
    const result = await this.#turns.generate({
      contextId,
      window,
      script,
      reuse: policy === "naive" || policy === "prefix" ? "exact" : policy,
      sampling: { temperature: 0 },
      maxTokens,
      signal: new AbortController().signal,
      receivedMs: performance.now(),
      onEvent: () => undefined,
    });
    return { kind: "called", result, altered: isAltered(result, scripted) };
  }
}

type CallOutcome =
  | { readonly kind: "called"; readonly result: TurnResult; readonly altered: boolean }
  | { readonly kind: "ended"; readonly reason: EndReason; readonly sentence: string };

function isAltered({ said }: TurnResult, scripted: ScriptedCall): boolean {
  if (scripted.leavesOutThoughts) return true;
  const { tokens } = said.generated;
  const wanted = [...scripted.opening, ...scripted.answer];
  return tokens.length !== wanted.length || wanted.some((id, index) => id !== tokens[index]);
}

function replayedCall({ reading }: TurnResult): ReplayedCall {
  const { usage, firstTokenMs } = reading;
  if (firstTokenMs === null) throw new Error("A call ended before its first token.");
  return { usage, firstTokenMs };
}

function progressOf({ usage, firstTokenMs }: ReplayedCall): string {
  const { promptTokens, prefilledTokens, generatedTokens } = usage;
  const first = `first token after ${Math.round(firstTokenMs)} ms`;
  return `${promptTokens} tokens, ${prefilledTokens} prefilled, ${first}, answer of ${generatedTokens}`;
}

/** Says where in a recording the sidecar refused to go on. */
async function named<T>(
  session: RecordedSession,
  { line }: Call,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { kind, message, figures } = error.data;
    throw new Refusal(kind, `Line ${line} of ${session.file}: ${message}`, figures);
  }
}
