import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { headlessHost, type HeadlessOptions } from "../../cli/agent/headless-host.ts";
import { type HeadlessWindow, headlessWindow } from "../../cli/agent/headless-window.ts";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import {
  SCRIPTED_SIDECAR,
  SCRIPT_VARIABLE,
  type ScriptedAnswer,
  writeScript,
} from "../../cli/scripted/script-file.ts";
import { SidecarProcess } from "../../cli/sidecar-process.ts";
import { Agent } from "../../extension/agent/agent.ts";
import type { AgentEvent } from "../../extension/agent/agent-event.ts";
import { AGENT_LIMITS_DEFAULT, type AgentLimits } from "../../extension/agent/agent-limits.ts";
import type { AgentOutcome } from "../../extension/agent/agent-outcome.ts";
import { openAgentWindow } from "../../extension/agent/open-agent-window.ts";
import type { AgentTool, ToolHost } from "../../extension/agent/tools/tool.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import type { Segment } from "../../protocol/segment.ts";

export function says(text: string): ScriptedAnswer {
  return { text };
}

export function call(name: string, given: Record<string, unknown>): ScriptedAnswer {
  return { calls: [{ name, arguments: given }] };
}

export function calls(...each: (readonly [string, Record<string, unknown>])[]): ScriptedAnswer {
  return { calls: each.map(([name, given]) => ({ name, arguments: given })) };
}

export const read = (path: string): ScriptedAnswer =>
  call("read_file", { path, start_line: 1, end_line: 0 });
export const edit = (path: string, search: string, replace: string): ScriptedAnswer =>
  call("edit_file", { path, edits: [{ search, replace }] });
export const finish = (summary: string): ScriptedAnswer => call("finish", { summary });

type RunOptions = Partial<HeadlessOptions> & {
  readonly limits?: Partial<AgentLimits>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent) => void;
  readonly host?: Partial<ToolHost>;
  readonly extraTools?: readonly AgentTool[];
};

export type Run = {
  readonly outcome: AgentOutcome;
  readonly events: readonly AgentEvent[];
  readonly segments: readonly Segment[];
  /** What the model was told as the results of its calls, in order. */
  readonly results: readonly string[];
};

/** A folder on disk and an agent in it that speaks with a real sidecar, whose model is scripted. */
export class ScriptedAgent {
  readonly root: string;
  readonly sidecar: SidecarProcess;
  readonly #script: string;
  readonly notices: string[] = [];
  #windows: HeadlessWindow | null = null;

  constructor(sidecar: SidecarProcess, script: string) {
    this.sidecar = sidecar;
    this.#script = script;
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "kvasir-agent-")));
  }

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.root, path)), { recursive: true });
      writeFileSync(join(this.root, path), content);
    }
  }

  /** All files of the folder by their relative paths. */
  files(): Record<string, string> {
    const paths = readdirSync(this.root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return Object.fromEntries(
      paths
        .toSorted()
        .map((path) => [path.slice(this.root.length + 1), readFileSync(path, "utf8")]),
    );
  }

  /** The state of the conversation, as it could be stored. */
  get window(): ContextWindow {
    if (this.#windows === null) throw new Error("Nothing has been said yet.");
    return this.#windows.context;
  }

  forget(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  /** Goes on in the same conversation when called again. */
  async run(
    task: string,
    answers: readonly ScriptedAnswer[],
    options: RunOptions = {},
  ): Promise<Run> {
    writeScript(this.#script, answers);
    const tools = toolSet("full", options.extraTools);
    this.#windows ??= headlessWindow(
      this.sidecar,
      openAgentWindow({
        id: `agent-${this.root}`,
        prompt: "full",
        rules: [],
        tools,
        startedOn: "2026-01-31",
      }),
      { root: this.root, onNotice: (sentence) => this.notices.push(sentence) },
    );
    const { window, context } = this.#windows;
    const events: AgentEvent[] = [];
    const parts = await headlessHost(this.root, { onChanged: () => undefined, ...options });
    const agent = new Agent({
      window,
      tools,
      host: { ...parts, window, ...options.host },
      limits: { ...AGENT_LIMITS_DEFAULT, answerTokensMax: 512, ...options.limits },
      sampling: { temperature: 0 },
      onEvent: (event) => {
        events.push(event);
        options.onEvent?.(event);
      },
    });
    const before = context.state.context.segments.length;
    const outcome = await agent.run(task, options.signal ?? new AbortController().signal);
    const segments = context.state.context.segments.slice(before);
    const results = segments.flatMap((each) => (each.role === "tool" ? [each.text] : []));
    return { outcome, events, segments, results };
  }
}

/** One scripted sidecar for all tests of a file, and a new folder for each. */
export function scriptedAgents(): () => ScriptedAgent {
  const folder = mkdtempSync(join(tmpdir(), "kvasir-script-"));
  const script = join(folder, "script.json");
  const agents: ScriptedAgent[] = [];
  let sidecar: SidecarProcess;
  beforeAll(async () => {
    const model = {
      path: await ensureModel("tiny"),
      windowTokens: 8_000,
      gpuLayers: 0,
      threads: 1,
    };
    sidecar = await SidecarProcess.start(model, {
      program: SCRIPTED_SIDECAR,
      environment: { [SCRIPT_VARIABLE]: script },
    });
  });
  afterAll(async () => {
    await sidecar.stop();
    for (const agent of agents) agent.forget();
    rmSync(folder, { recursive: true, force: true });
  });
  return () => {
    const agent = new ScriptedAgent(sidecar, script);
    agents.push(agent);
    return agent;
  };
}
