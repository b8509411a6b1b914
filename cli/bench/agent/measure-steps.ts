import { Agent } from "../../../extension/agent/agent.ts";
import { AGENT_LIMITS_DEFAULT } from "../../../extension/agent/agent-limits.ts";
import { openAgentWindow } from "../../../extension/agent/open-agent-window.ts";
import { toolSet } from "../../../extension/agent/tools/tool-set.ts";
import { Meter } from "../../../protocol/meter.ts";
import { headlessContext } from "../../agent/headless-context.ts";
import { headlessHost } from "../../agent/headless-host.ts";
import { headlessWindow } from "../../agent/headless-window.ts";
import type { SidecarProcess } from "../../sidecar-process.ts";

/** Tokens that an answer of the script may have. */
const ANSWER_TOKENS = 512;

export type StepSample = {
  readonly step: number;
  readonly tool: string;
  /** In which the model was not at work: the agent, its tools, the wire, and all around the prompt. */
  readonly overheadMs: number;
  /** Of that, what its tool took. */
  readonly toolMs: number;
  readonly modelMs: number;
};

export type Measured = {
  readonly steps: readonly StepSample[];
  /** What the message waited for Git, the search and the like. */
  readonly surroundingsMs: number;
};

/** Names a function and a file, so that everything is looked up that can be. */
const TASK =
  "Raise the limits of the modules by one: see compute37 in packages/package-37/src/module-37.ts.";

/** Runs one scripted task and takes the time of each step apart. */
export async function measureSteps(
  sidecar: SidecarProcess,
  options: { readonly id: string; readonly root: string; readonly signal: AbortSignal },
): Promise<Measured> {
  const { id, root, signal } = options;
  const tools = toolSet("full");
  const opening = { id, prompt: "full", rules: [], tools, startedOn: "2026-01-31" } as const;
  const surroundings = await headlessContext(root, {
    onMissing: (sentence) => process.stderr.write(`${sentence}\n`),
  });
  let surroundingsMs = 0;
  const { window, context } = headlessWindow(sidecar, openAgentWindow(opening), {
    root,
    onNotice: (sentence) => process.stderr.write(`${sentence}\n`),
    surroundings: {
      volatileTexts: async (turn) => {
        const startMs = performance.now();
        const texts = await surroundings.volatileTexts(turn);
        surroundingsMs = performance.now() - startMs;
        return texts;
      },
    },
  });
  const parts = await headlessHost(root, { yesEdits: true, onChanged: () => undefined });
  const samples: StepSample[] = [];
  let modelMs = 0;
  let startedMs = 0;
  let toolStartedMs = 0;
  let toolMs = 0;
  let tool = "";
  const meter = sidecar.onNotification(Meter, (reading) => {
    if (reading.contextId === id) modelMs = reading.prefillMs + reading.decodeMs;
  });
  const agent = new Agent({
    window,
    tools,
    host: { ...parts, window },
    limits: { ...AGENT_LIMITS_DEFAULT, answerTokensMax: ANSWER_TOKENS },
    sampling: { temperature: 0 },
    onEvent: (event) => {
      if (event.kind === "stepStarted") startedMs = performance.now();
      else if (event.kind === "callStarted") toolStartedMs = performance.now();
      else if (event.kind === "callEnded") {
        tool = event.tool;
        toolMs = performance.now() - toolStartedMs;
        if (event.end !== "done") throw new Error(`A step of the script failed: ${event.sentence}`);
      } else if (event.kind === "stepEnded") {
        const overheadMs = performance.now() - startedMs - modelMs;
        samples.push({ step: event.step, tool, overheadMs, toolMs, modelMs });
      }
    },
  });
  try {
    const outcome = await agent.run(TASK, signal);
    signal.throwIfAborted();
    if (outcome.kind === "ended") throw new Error(outcome.sentence);
  } finally {
    meter.dispose();
    await context.close();
  }
  return { steps: samples, surroundingsMs };
}
