import type { Segment, ToolCall } from "../../protocol/segment.ts";
import { type RecordedCall, RecordedMessage } from "./recorded-line.ts";

/** A recorded message as a segment, or what is wrong with it, in words that follow "Line 3 of x". */
export type MessageOutcome =
  | { readonly kind: "segment"; readonly segment: Segment; readonly isCall: boolean }
  | { readonly kind: "unreadable"; readonly reason: string };

const UNNAMED_TOOL = "unknown";

/** Makes segments of messages. Remembers which tool a result came from, which only its call says. */
export class MessageReader {
  readonly #toolNames = new Map<string, string>();

  /** @param past whether the message is put among those of the past, so that it is no call. */
  read(value: unknown, id: string, past: boolean): MessageOutcome {
    const parsed = RecordedMessage.safeParse(value);
    if (!parsed.success) {
      return unreadable("is not a message whose content is text");
    }
    const message = parsed.data;
    const text = textOf(message);
    const common = { id, text, stability: "history" } as const;
    const { kvasir: own = {} } = message;
    switch (message.role) {
      case "system":
      case "developer":
        return appended({
          ...common,
          role: "system",
          kind: "instructions",
          stability: "core",
          ...own,
        });
      case "user":
        return appended({ ...common, role: "user", kind: "message", ...own });
      case "tool": {
        const toolCallId = message.tool_call_id || id;
        const toolName = message.name || this.#toolNames.get(toolCallId) || UNNAMED_TOOL;
        return appended({
          ...common,
          role: "tool",
          kind: "toolResult",
          toolCallId,
          toolName,
          ...own,
        });
      }
      case "assistant":
        return this.#answer(message, id, past);
      default:
        return unreadable(`has a role that is not known, “${message.role}”`);
    }
  }

  #answer(message: RecordedMessage, id: string, past: boolean): MessageOutcome {
    const toolCalls: ToolCall[] = [];
    for (const [index, call] of (message.tool_calls ?? []).entries()) {
      const { name } = call.function;
      const parameters = parametersOf(call);
      if (parameters === null)
        return unreadable(`calls “${name}” with arguments that are no JSON object`);
      const callId = call.id || `${id} call ${index}`;
      this.#toolNames.set(callId, name);
      toolCalls.push({ id: callId, name, arguments: parameters });
    }
    const isCall = message.not_a_call !== true && !past;
    // What was thought for an answer that is no call is past, and templates leave that out.
    const reasoning = isCall ? (message.reasoning_content ?? "") : "";
    return {
      kind: "segment",
      isCall,
      segment: {
        id,
        kind: "answer",
        stability: "history",
        role: "assistant",
        text: textOf(message),
        ...(reasoning === "" ? {} : { reasoning }),
        ...(toolCalls.length === 0 ? {} : { toolCalls }),
        ...message.kvasir,
      },
    };
  }
}

function appended(segment: Segment): MessageOutcome {
  return { kind: "segment", segment, isCall: false };
}

function unreadable(reason: string): MessageOutcome {
  return { kind: "unreadable", reason };
}

function textOf({ content }: RecordedMessage): string {
  if (typeof content === "string") return content;
  return (content ?? []).map(({ text }) => text).join("");
}

/** `null` when they are neither an object nor the JSON text of one. */
function parametersOf({ function: called }: RecordedCall): ToolCall["arguments"] | null {
  const { arguments: recorded } = called;
  if (typeof recorded !== "string") return recorded ?? {};
  if (recorded.trim() === "") return {};
  try {
    const value: unknown = JSON.parse(recorded);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as ToolCall["arguments"]) : null;
  } catch {
    return null;
  }
}
