import { ProgressPace } from "../../doors/progress-pace.ts";
import type { AgentEvent } from "../agent-event.ts";
import type { AgentOutcome } from "../agent-outcome.ts";
import type { ChatPiece, StepMark } from "./chat-piece.ts";

/** A sentence of a step is one line in a chat; a longer one is cut. */
const SENTENCE_CHARACTERS_MAX = 160;
/** What is shown of a command's output. The terminal has all of it. */
const OUTPUT_LINES_MAX = 6;
const OUTPUT_LINE_CHARACTERS_MAX = 200;
/** What is kept of an output while it comes. */
const OUTPUT_CHARACTERS_MAX = 4_000;

/** What it says is the end of the answer, and no step. */
const SILENT_TOOL = "finish";

type Started = Extract<AgentEvent, { kind: "callStarted" }>;

/** Says how a chat shows a turn of the agent, event by event. */
export class ChatSteps {
  readonly #pace = new ProgressPace();
  readonly #started = new Map<string, Started & { output: string }>();
  /** What the model has said since its last call. */
  #said = "";

  piecesOf(event: AgentEvent, nowMs: number): readonly ChatPiece[] {
    switch (event.kind) {
      case "text":
        this.#said += event.text;
        return [{ kind: "markdown", text: event.text }];
      case "loading":
      case "prefill":
      case "reasoning": {
        const text = this.#pace.lineFor(event, nowMs);
        return text === null ? [] : [{ kind: "progress", text }];
      }
      case "callStarted":
        return this.#begin(event);
      case "callOutput":
        this.#addOutput(event.callId, event.text);
        return [];
      case "callEnded":
        return this.#end(event);
      case "note":
        return [stepOf("note", { sentence: event.sentence }, "")];
      case "stepStarted":
      case "answered":
      case "stepEnded":
        return [];
    }
  }

  /** What is left to be said when the turn is over. Errors have a place of their own in a chat. */
  piecesAtEnd(outcome: AgentOutcome): readonly ChatPiece[] {
    if (outcome.kind === "done") {
      const isSaid = outcome.text === "" || this.#said.trim() === outcome.text.trim();
      return isSaid ? [] : [{ kind: "markdown", text: outcome.text }];
    }
    const { why, sentence } = outcome;
    if (why === "user" || why === "model" || why === "window") return [];
    return [stepOf("stopped", { sentence }, "")];
  }

  #begin(event: Started): readonly ChatPiece[] {
    this.#said = "";
    if (event.tool === SILENT_TOOL) return [];
    this.#started.set(event.callId, { ...event, output: "" });
    return [{ kind: "progress", text: oneLine(event.sentence) }];
  }

  #addOutput(callId: string, text: string): void {
    const started = this.#started.get(callId);
    if (started === undefined) return;
    started.output = (started.output + text).slice(-OUTPUT_CHARACTERS_MAX);
  }

  #end({ callId, end, sentence }: Extract<AgentEvent, { kind: "callEnded" }>): ChatPiece[] {
    const started = this.#started.get(callId);
    this.#started.delete(callId);
    if (started === undefined) return [];
    const output = lastLines(started.output);
    return [
      stepOf(end, started, oneLine(sentence)),
      ...(output === "" ? [] : [{ kind: "output", text: output } as const]),
    ];
  }
}

/** The sentence, in two parts around the file that it names, and what came of it. */
function stepOf(
  mark: StepMark,
  { sentence, path }: { readonly sentence: string; readonly path?: string },
  result: string,
): ChatPiece {
  const line = oneLine(sentence);
  const ending = result === "" ? "" : ` · ${result}`;
  const at = path === undefined ? -1 : line.lastIndexOf(path);
  if (path === undefined || at < 0) {
    return { kind: "step", mark, before: line + ending, path: null, after: "" };
  }
  const after = line.slice(at + path.length) + ending;
  return { kind: "step", mark, before: line.slice(0, at), path, after };
}

function oneLine(text: string): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  return line.length > SENTENCE_CHARACTERS_MAX
    ? `${line.slice(0, SENTENCE_CHARACTERS_MAX).toWellFormed()}…`
    : line;
}

function lastLines(output: string): string {
  const lines = output.trimEnd().split("\n");
  const shown = lines
    .slice(-OUTPUT_LINES_MAX)
    .map((line) => line.slice(0, OUTPUT_LINE_CHARACTERS_MAX).toWellFormed());
  return [...(lines.length > OUTPUT_LINES_MAX ? ["…"] : []), ...shown].join("\n");
}
