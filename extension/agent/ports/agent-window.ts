import type { ConversationAnswer, GenerateOptions } from "../../client/conversation.ts";
import type { Tool, ToolCall } from "../../../protocol/segment.ts";

/** Lines of a file as they are shown to the model. */
export type FileLines = {
  readonly path: string;
  /** Of the whole file, with `\n` as line ends. */
  readonly text: string;
  /** From one, both included. */
  readonly startLine: number;
  readonly endLine: number;
};

export type CallResult = {
  readonly call: ToolCall;
  readonly text: string;
  /** Shown behind the text, and followed from then on where the window can. */
  readonly file?: FileLines;
};

/** What the agent needs of a context window. */
export interface AgentWindow {
  readonly tools: readonly Tool[];
  /** Calls of the last answer that have no result, as after an interruption. */
  readonly openCalls: readonly ToolCall[];
  /** Puts the user's message behind everything else. */
  begin(message: string): Promise<void>;
  generate(options: GenerateOptions): Promise<ConversationAnswer>;
  /** Puts the results of the last answer's calls behind it. */
  addResults(results: readonly CallResult[]): void;
  /** Tells the model something in the name of the program. */
  addNote(text: string): void;
  /** Whether these lines stand in the window as they are. */
  shows(file: FileLines): boolean;
}
