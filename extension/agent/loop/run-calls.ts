import type { ToolCall } from "../../../protocol/segment.ts";
import type { AgentEvent } from "../agent-event.ts";
import { resultText } from "../dialect/result-text.ts";
import { fileProblem } from "../file-problem.ts";
import type { CallResult } from "../ports/agent-window.ts";
import type { AgentTool, PreparedCall, RunningCall, ToolHost, ToolOutcome } from "../tools/tool.ts";
import { InOrder } from "./in-order.ts";
import type { Repeats } from "./repeats.ts";

/** Calls of one answer that are run. A model that makes more has lost its way. */
const CALLS_MAX = 16;
/** Calls that run at the same time. */
const PARALLEL_MAX = 4;

export type CallsEnd = {
  readonly summary: string | null;
  /** The call that the model went on repeating after it was told. */
  readonly looping: string | null;
};

export type CallsOptions = {
  readonly tools: readonly AgentTool[];
  readonly host: ToolHost;
  readonly repeats: Repeats;
  readonly signal: AbortSignal;
  readonly onEvent: (event: AgentEvent) => void;
  /**
   * Told of every result, in the order of the calls, as soon as it and all before it are there.
   * `areMore`: others are still to come.
   */
  readonly onResults: (results: readonly CallResult[], areMore: boolean) => void;
};

type Planned = {
  readonly call: ToolCall;
  /** Among the calls of its answer. */
  readonly index: number;
  readonly tool: AgentTool | null;
  readonly prepared: PreparedCall;
};

/** Runs the calls of one answer: neighbours that may run beside each other at once, others in turn. */
export async function runCalls(
  calls: readonly ToolCall[],
  options: CallsOptions,
): Promise<CallsEnd> {
  const inOrder = new InOrder<CallResult>(calls.length, options.onResults);
  let summary: string | null = null;
  let looping: string | null = null;
  for (const group of groupsOf(calls.map((call, index) => plan(call, index, options)))) {
    const outcomes = await Promise.all(
      group.map(async (planned) => {
        const repeat = options.repeats.judge(planned.call);
        if (repeat === "end") looping = planned.call.name;
        const over = looping !== null || summary !== null;
        const instead = over ? NOT_RUN : repeat === "tell" ? REPEATED : null;
        const { result, outcome } = await runOne(planned, instead, options);
        inOrder.put(planned.index, result);
        return outcome;
      }),
    );
    for (const outcome of outcomes) {
      if (outcome.kind === "done" && outcome.summary !== undefined) summary = outcome.summary;
    }
  }
  return { summary, looping };
}

/** Results for calls that an interruption left without one. */
export function stoppedResults(calls: readonly ToolCall[]): CallResult[] {
  return calls.map((call) => ({ call, text: resultText({ kind: "failed", text: STOPPED }) }));
}

const STOPPED = "The user stopped this before it was done.";
const NOT_RUN: ToolOutcome = { kind: "failed", text: "This was not run: the turn has ended." };
const REPEATED: ToolOutcome = {
  kind: "failed",
  text: "You have made this same call twice and the result will not change. Do something else, or finish.",
};

function plan(call: ToolCall, index: number, { tools }: CallsOptions): Planned {
  const tool = tools.find(({ schema }) => schema.name === call.name) ?? null;
  const refused = (text: string): Planned => ({
    call,
    index,
    tool,
    prepared: { kind: "refused", text },
  });
  if (tool === null) {
    const names = tools.map(({ schema }) => schema.name).join(", ");
    return refused(`There is no tool "${call.name}". The tools are: ${names}.`);
  }
  if (index >= CALLS_MAX) return refused(`Only ${CALLS_MAX} calls of one answer are run.`);
  return { call, index, tool, prepared: tool.prepare(call.arguments) };
}

function groupsOf(planned: readonly Planned[]): Planned[][] {
  const groups: Planned[][] = [];
  for (const next of planned) {
    const last = groups.at(-1);
    const joins = last !== undefined && last.length < PARALLEL_MAX && [...last, next].every(isSafe);
    if (joins) last.push(next);
    else groups.push([next]);
  }
  return groups;
}

function isSafe({ tool }: Planned): boolean {
  return tool?.parallelSafe === true;
}

async function runOne(
  { call, prepared }: Planned,
  instead: ToolOutcome | null,
  { host, signal, onEvent }: CallsOptions,
): Promise<{ readonly result: CallResult; readonly outcome: ToolOutcome }> {
  const about = { callId: call.id, tool: call.name };
  const sentence = prepared.kind === "ready" ? prepared.sentence : `Calling ${call.name}`;
  const path =
    prepared.kind === "ready" && prepared.path !== undefined ? { path: prepared.path } : {};
  onEvent({ kind: "callStarted", ...about, sentence, ...path });
  const outcome = await outcomeOf(prepared, instead, {
    host,
    signal,
    onOutput: (text) => onEvent({ kind: "callOutput", ...about, text }),
  });
  const end = signal.aborted ? "stopped" : outcome.kind;
  const said = outcome.kind === "failed" ? outcome.text : (outcome.sentence ?? "");
  onEvent({ kind: "callEnded", ...about, end, sentence: said });
  const leftOut = outcome.kind === "done" ? (outcome.leftOut ?? []) : [];
  for (const left of leftOut) onEvent({ kind: "note", sentence: left });
  return { result: { call, text: resultText(outcome), ...shownWith(outcome) }, outcome };
}

async function outcomeOf(
  prepared: PreparedCall,
  instead: ToolOutcome | null,
  call: RunningCall,
): Promise<ToolOutcome> {
  if (call.signal.aborted) return { kind: "failed", text: STOPPED };
  if (prepared.kind === "refused") return { kind: "failed", text: prepared.text };
  if (instead !== null) return instead;
  try {
    return await prepared.run(call);
  } catch (error) {
    // A tool that was stopped in the middle fails in whatever way its parts do.
    if (call.signal.aborted) return { kind: "failed", text: STOPPED };
    return { kind: "failed", text: `The tool failed: ${fileProblem(error)}.` };
  }
}

function shownWith(outcome: ToolOutcome): Pick<CallResult, "file" | "note"> {
  if (outcome.kind === "failed") return {};
  const { file, note } = outcome;
  return { ...(file === undefined ? {} : { file }), ...(note === undefined ? {} : { note }) };
}
