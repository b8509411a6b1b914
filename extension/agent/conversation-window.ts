import type { Segment, Tool, ToolCall } from "../../protocol/segment.ts";
import type { Conversation, ConversationAnswer, GenerateOptions } from "../client/conversation.ts";
import { append } from "../context/change.ts";
import { fileText } from "./dialect/file-text.ts";
import type { AgentWindow, CallResult, FileLines } from "./ports/agent-window.ts";

/** A conversation as the agent's window: everything is appended and nothing that was said changes. */
export class ConversationWindow implements AgentWindow {
  readonly #conversation: Conversation;
  /** The lines that each segment shows, to know what need not be shown again. */
  readonly #shown = new Map<string, { readonly path: string; readonly lines: string }>();

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
  }

  get tools(): readonly Tool[] {
    return this.#conversation.state.tools;
  }

  get openCalls(): readonly ToolCall[] {
    const { segments } = this.#conversation.state;
    const index = segments.findLastIndex(({ role }) => role === "assistant");
    const answer = segments[index];
    if (answer?.role !== "assistant") return [];
    const closed = new Set(
      segments.slice(index).flatMap((each) => (each.role === "tool" ? [each.toolCallId] : [])),
    );
    return (answer.toolCalls ?? []).filter(({ id }) => !closed.has(id));
  }

  async begin(message: string): Promise<void> {
    this.#append("message", "message", message);
    await Promise.resolve();
  }

  async generate(options: GenerateOptions): Promise<ConversationAnswer> {
    return await this.#conversation.generate(options);
  }

  addResults(results: readonly CallResult[]): void {
    for (const { call, text, file } of results) {
      const id = this.#freeId("result");
      const shown = [
        ...(text === "" ? [] : [text]),
        ...(file === undefined ? [] : [fileText(file)]),
      ];
      const segment: Segment = {
        id,
        role: "tool",
        kind: file === undefined ? "toolResult" : "file",
        stability: "recent",
        label: file === undefined ? call.name : file.path,
        toolCallId: call.id,
        toolName: call.name,
        text: shown.join("\n"),
      };
      this.#conversation.update((state) => append(state, [segment]));
      if (file !== undefined) this.#shown.set(id, { path: file.path, lines: linesOf(file) });
    }
  }

  addNote(text: string): void {
    this.#append("note", "note", text);
  }

  shows(file: FileLines): boolean {
    const lines = linesOf(file);
    const standing = new Set(this.#conversation.state.segments.map(({ id }) => id));
    return [...this.#shown].some(
      ([id, shown]) => standing.has(id) && shown.path === file.path && shown.lines.includes(lines),
    );
  }

  #append(kind: "message" | "note", label: string, text: string): void {
    const id = this.#freeId(kind);
    const segment: Segment = {
      id,
      role: "user",
      kind,
      stability: "recent",
      label,
      text: text.toWellFormed(),
    };
    this.#conversation.update((state) => append(state, [segment]));
  }

  #freeId(kind: string): string {
    const ids = new Set(this.#conversation.state.segments.map(({ id }) => id));
    let number = ids.size;
    while (ids.has(`${kind}-${number}`)) number++;
    return `${kind}-${number}`;
  }
}

function linesOf({ text, startLine, endLine }: FileLines): string {
  return `\n${text
    .split("\n")
    .slice(startLine - 1, endLine)
    .join("\n")}\n`;
}
