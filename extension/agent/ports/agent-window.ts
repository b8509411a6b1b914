import type { Tool, ToolCall } from "../../../protocol/segment.ts";
import type { ConversationAnswer, GenerateOptions } from "../../client/conversation.ts";

/** Lines of a file as they are shown to the model. */
export type FileLines = {
  /** As the workspace locates it. */
  readonly path: string;
  /** As people know it. */
  readonly name: string;
  /** Of the whole file, with `\n` as line ends. */
  readonly text: string;
  /** From one, both included; `null` for all. */
  readonly lines: { readonly start: number; readonly end: number } | null;
};

export type CallResult = {
  readonly call: ToolCall;
  readonly text: string;
  /** Shown behind the text, and followed from then on. */
  readonly file?: FileLines;
  /** Told behind all results, and not part of any: it holds for longer than they do. */
  readonly note?: string;
};

/** What the agent needs of a context window. */
export interface AgentWindow {
  readonly tools: readonly Tool[];
  /** Calls of the last answer that have no result, as after an interruption. */
  readonly openCalls: readonly ToolCall[];
  /** Puts the user's message behind everything else. */
  begin(message: string): Promise<void>;
  /** Has the window answered, once the model has been told what has changed around it. */
  generate(options: GenerateOptions): Promise<ConversationAnswer>;
  /** Has the model read what stands in the window while nothing else is asked of it. */
  warm(signal: AbortSignal): Promise<void>;
  /** Puts results of the last answer's calls behind it; their notes are added when all are there. */
  addResults(results: readonly CallResult[]): void;
  /** Tells the model something in the name of the program. */
  addNote(text: string): void;
  /** Whether these lines stand in the window as they are. */
  shows(file: FileLines): boolean;
  /** The agent has made a file read like this and told the model so; that need not be told again. */
  noteChange(path: string, text: string): void;
  /**
   * What the model takes a file to read like, where that is not how it reads at present; `null` where
   * the model is right, or knows nothing of the file.
   */
  staleText(path: string, present: string): string | null;
  /** The turn is over, in whatever way. */
  end(): void;
}
