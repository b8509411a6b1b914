import type { Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import type { ConversationAnswer, GenerateOptions } from "../client/conversation.ts";
import { append } from "../context/change.ts";
import { type FileView, textOfView } from "../context/living/file-view.ts";
import type { LivingFile } from "../context/living/living-file.ts";
import { readableText } from "../context/living/readable-text.ts";
import { appendText, takeId } from "../context/window/append-text.ts";
import type { Question } from "../context/window/begin-turn.ts";
import { commit } from "../context/window/commit.ts";
import type { VolatileText } from "../context/window/refresh-volatile.ts";
import { FILES_MAX } from "../context/window/show-files.ts";
import { tellChanges } from "../context/window/tell-changes.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { ContextWindow } from "../window/context-window.ts";
import { languageOf } from "./dialect/language-of.ts";
import { KnownTexts } from "./known-texts.ts";
import type { AgentWindow, CallResult, FileLines } from "./ports/agent-window.ts";

export type LivingWindowOptions = {
  /** The name under which the window's file source knows a path of the workspace. */
  readonly uriOf: (path: string) => string;
  /** Has the file source find out what has changed, where nothing tells it. */
  readonly checkFiles: () => Promise<void>;
  /** What is true of the surroundings as a turn begins with this message. */
  readonly volatile: (message: string) => Promise<readonly VolatileText[]>;
  /** What the user has put beside the message. */
  readonly attached?: Omit<Question, "message">;
};

/**
 * The agent's view of a context window. Files that a tool shows live in the result of its call: they
 * follow the file outside from then on, like files that the user attached.
 */
export class LivingWindow implements AgentWindow {
  readonly #window: ContextWindow;
  readonly #options: LivingWindowOptions;
  readonly #known = new KnownTexts();

  constructor(window: ContextWindow, options: LivingWindowOptions) {
    this.#window = window;
    this.#options = options;
  }

  get tools(): readonly Tool[] {
    return this.#window.state.context.tools;
  }

  get openCalls(): readonly ToolCall[] {
    const { segments } = this.#window.state.context;
    const index = segments.findLastIndex(({ role }) => role === "assistant");
    const answer = segments[index];
    if (answer?.role !== "assistant") return [];
    const closed = new Set(
      segments.slice(index).flatMap((each) => (each.role === "tool" ? [each.toolCallId] : [])),
    );
    return (answer.toolCalls ?? []).filter(({ id }) => !closed.has(id));
  }

  async begin(message: string): Promise<void> {
    this.#known.forget();
    const { volatile, attached } = this.#options;
    await this.#window.beginTurn({ ...attached, message, volatile: await volatile(message) });
  }

  async generate(options: GenerateOptions): Promise<ConversationAnswer> {
    await this.#options.checkFiles();
    await this.#window.readFiles();
    this.#window.update((window) => tellOthersChanges(window, this.#known));
    this.#known.beginAnswer(this.#window.state.files);
    return await this.#window.generate(options);
  }

  async warm(signal: AbortSignal): Promise<void> {
    await this.#window.prepare(signal);
  }

  addResults(results: readonly CallResult[]): void {
    for (const result of results) {
      const { file } = result;
      this.#window.update((window) => this.#withResult(window, result));
      if (file !== undefined) this.#known.noteShown(this.#options.uriOf(file.path), file.text);
    }
  }

  addNote(text: string): void {
    const note = { name: "note", kind: "note", stability: "recent", label: "note", text } as const;
    this.#window.update((window) => appendText(window, note)[1]);
  }

  shows({ path, text, lines }: FileLines): boolean {
    const uri = this.#options.uriOf(path);
    return this.#window.state.files.some(({ uri: shownUri, shown, pending }) => {
      if (shownUri !== uri || pending !== null || shown.content.kind === "missing") return false;
      return shown.content.text === text && covers(shown.lines, lines);
    });
  }

  noteChange(path: string, text: string): void {
    this.#known.noteMade(this.#options.uriOf(path), text);
  }

  staleText(path: string, present: string): string | null {
    const known = this.#known.get(this.#options.uriOf(path)) ?? null;
    return known === present.toWellFormed() ? null : known;
  }

  end(): void {
    this.#window.update(commit);
  }

  #withResult(window: WindowState, { call, text, file }: CallResult): WindowState {
    const [id, next] = takeId(window, "result");
    const shown = [...(text === "" ? [] : [text]), ...(file === undefined ? [] : [textOf(file)])];
    const segment: Segment = {
      id,
      role: "tool",
      kind: file === undefined ? "toolResult" : "file",
      stability: "recent",
      label: file === undefined ? call.name : file.name.slice(0, 500),
      toolCallId: call.id,
      toolName: call.name,
      text: shown.join("\n").toWellFormed(),
    };
    const context = append(next.context, [segment]);
    const follows = file !== undefined && readableText(file.text).kind === "text";
    if (!follows || next.files.length >= FILES_MAX) return { ...next, context };
    const uri = this.#options.uriOf(file.path);
    const living = { uri, segmentId: id, shown: viewOf(file), pending: null, errataIds: [] };
    return { ...next, context, files: [...next.files, living] };
  }
}

/** Tells what has changed in files, but not what the model has just made of them itself. */
function tellOthersChanges(window: WindowState, known: KnownTexts): WindowState {
  const own = new Map(
    window.files.flatMap((file) => (isMade(file, known) ? [[file.segmentId, file.pending]] : [])),
  );
  if (window.files.every(({ segmentId, pending }) => pending === null || own.has(segmentId))) {
    return window;
  }
  const hidden = window.files.map((file) =>
    own.has(file.segmentId) ? { ...file, pending: null } : file,
  );
  const told = tellChanges({ ...window, files: hidden });
  const files = told.files.map((file) => {
    const pending = own.get(file.segmentId);
    return pending === undefined ? file : { ...file, pending };
  });
  return { ...told, files };
}

function isMade({ uri, pending }: LivingFile, known: KnownTexts): boolean {
  return pending?.content.kind === "text" && pending.content.text === known.get(uri);
}

function covers(shown: FileView["lines"], asked: FileLines["lines"]): boolean {
  if (shown === null) return true;
  return asked !== null && shown.start < asked.start && asked.end <= shown.end;
}

function viewOf({ name, text, lines }: FileLines): FileView {
  return {
    label: name,
    language: languageOf(name),
    content: { kind: "text", text: text.toWellFormed() },
    lines: lines === null ? null : { start: lines.start - 1, end: lines.end },
  };
}

function textOf(file: FileLines): string {
  return textOfView(viewOf(file));
}
