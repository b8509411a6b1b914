import type * as vscode from "vscode";
import { Agent } from "../../agent/agent.ts";
import { adaptAgentWindow } from "../../agent/adapt-agent-window.ts";
import type { AgentEvent } from "../../agent/agent-event.ts";
import type { AgentOutcome } from "../../agent/agent-outcome.ts";
import { ChatSteps } from "../../agent/chat/chat-steps.ts";
import { LivingWindow } from "../../agent/living-window.ts";
import type { AgentTool } from "../../agent/tools/tool.ts";
import { explain, explainKind, type Explained } from "../../doors/error-sentence.ts";
import type { ContextWindow } from "../../window/context-window.ts";
import type { Changes } from "../changes/changes.ts";
import type { TurnEnd, TurnRequest } from "../chat-turn.ts";
import type { EditorFiles } from "../editor-files.ts";
import { readTurnOptions } from "../settings.ts";
import type { AgentScope } from "./agent-scope.ts";
import { readAgentLimits } from "./agent-settings.ts";
import { agentTools } from "./agent-tools.ts";
import { EditorDiagnostics } from "./editor-diagnostics.ts";
import { editorHost, type EditorParts, type TurnParts } from "./editor-host.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";
import { rulesOfAttached } from "./rules-of-attached.ts";
import { SessionMemory } from "./session-memory.ts";
import { showChanges } from "./show-changes.ts";
import { TurnView } from "./turn-view.ts";

export type AgentTurnsOptions = EditorParts & {
  readonly files: EditorFiles;
  readonly changes: () => Promise<Changes>;
  readonly log: Pick<vscode.LogOutputChannel, "error">;
};

type Parts = TurnParts & { readonly view: TurnView };

/** Has the agent work on messages to `@kvasir`. */
export class AgentTurns {
  readonly #options: AgentTurnsOptions;
  /** For as long as a chat is kept open. */
  readonly #memories = new WeakMap<ContextWindow, SessionMemory>();

  constructor(options: AgentTurnsOptions) {
    this.#options = options;
  }

  async answer(
    context: ContextWindow,
    { kind, workspace }: AgentScope,
    turn: TurnRequest,
  ): Promise<TurnEnd> {
    const tools = agentTools(kind, turn.toolToken);
    context.update((window) => adaptAgentWindow(window, { prompt: kind, tools }));
    const parts = await this.#parts(context, workspace, turn);
    const { changing, diagnostics, memory, view } = parts;
    try {
      const end = await this.#run(tools, parts, turn);
      if (end.kind === "answered" || end.isKept) memory.endTurn(context.state);
      return end;
    } finally {
      diagnostics.dispose();
      showChanges({ turnId: turn.id, files: changing.end(), workspace }, view, turn.stream);
    }
  }

  async #run(tools: readonly AgentTool[], parts: Parts, turn: TurnRequest): Promise<TurnEnd> {
    const { window, view } = parts;
    const steps = new ChatSteps();
    let hasActed = false;
    try {
      const agent = new Agent({
        window,
        tools,
        host: await editorHost(this.#options, parts),
        limits: readAgentLimits(),
        sampling: readTurnOptions().sampling,
        onEvent: (event) => {
          if (event.kind === "callEnded") hasActed = true;
          if (isGenerating(event)) turn.onActivity(event);
          // While tools run, or wait for an answer, the model does nothing.
          if (event.kind === "answered") turn.onActivity(null);
          for (const piece of steps.piecesOf(event, performance.now())) view.show(piece);
        },
      });
      const outcome = await agent.run(turn.question.message, turn.signal);
      for (const piece of steps.piecesAtEnd(outcome)) view.show(piece);
      const explained = errorIn(outcome);
      return explained === null
        ? { kind: "answered", cancelled: outcome.kind === "ended" && outcome.why === "user" }
        : { kind: "failed", explained, isKept: hasActed };
    } catch (error) {
      if (!hasActed) throw error;
      this.#options.log.error(error instanceof Error ? error : String(error));
      return { kind: "failed", explained: explain(error), isKept: true };
    }
  }

  async #parts(
    context: ContextWindow,
    workspace: EditorWorkspace,
    { id, line, question, volatile, stream }: TurnRequest,
  ): Promise<Parts> {
    const memory = this.#memories.get(context) ?? new SessionMemory();
    this.#memories.set(context, memory);
    const near = memory.beginTurn(context.state, workspace);
    const { files = [], texts = [] } = question;
    const rules = await rulesOfAttached(files, near, workspace);
    const window = new LivingWindow(context, {
      uriOf: (path) => workspace.uriOf(path).toString(),
      checkFiles: async () => await this.#options.files.check(),
      volatile: async () => volatile,
      attached: { files, texts: [...rules.texts, ...texts] },
    });
    const changes = await this.#options.changes();
    const changing = changes.beginTurn({ id, label: line });
    const diagnostics = new EditorDiagnostics(workspace);
    const view = new TurnView(stream, (path) =>
      memory.outputs.read(path) === null ? workspace.linkOf(path) : null,
    );
    for (const before of rules.leftOut) {
      view.show({ kind: "step", mark: "note", before, path: null, after: "" });
    }
    return { workspace, diagnostics, memory, near, changing, window, stream, view };
  }
}

/** Errors belong where the chat shows errors; other ends of a turn are part of its answer. */
function errorIn(outcome: AgentOutcome): Explained | null {
  if (outcome.kind === "done" || outcome.error === undefined) return null;
  return explainKind(outcome.error, outcome.sentence);
}

type Generating = Extract<AgentEvent, { kind: "loading" | "prefill" | "text" | "reasoning" }>;

function isGenerating(event: AgentEvent): event is Generating {
  const { kind } = event;
  return kind === "loading" || kind === "prefill" || kind === "text" || kind === "reasoning";
}
