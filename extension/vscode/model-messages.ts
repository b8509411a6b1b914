import * as vscode from "vscode";
import type { Tool, ToolCall } from "../../protocol/segment.ts";
import type { Message } from "../doors/message.ts";

/** Sent by extensions that may use it, though the stable API does not name it. */
const SYSTEM_ROLE = 3;

const TEXT_MIME = /^(text\/|application\/json)/;

/** Frees a message of the editor's classes. Images are left out: no model here reads them. */
export function toMessage(message: vscode.LanguageModelChatRequestMessage): Message {
  const texts: string[] = [];
  const toolCalls: ToolCall[] = [];
  const toolResults: { callId: string; text: string }[] = [];
  for (const part of message.content) {
    if (part instanceof vscode.LanguageModelToolCallPart) {
      const { callId, name, input } = part;
      toolCalls.push({ id: callId, name, arguments: { ...input } });
    } else if (part instanceof vscode.LanguageModelToolResultPart) {
      toolResults.push({ callId: part.callId, text: part.content.map(partText).join("") });
    } else texts.push(partText(part));
  }
  return { role: roleOf(message.role), text: texts.join(""), toolCalls, toolResults };
}

export function toTool({ name, description, inputSchema }: vscode.LanguageModelChatTool): Tool {
  return {
    name,
    description,
    ...(inputSchema === undefined ? {} : { parameters: { ...inputSchema } }),
  };
}

/** All that a message says, for counting. */
export function messageText(message: vscode.LanguageModelChatRequestMessage): string {
  const { text, toolCalls, toolResults } = toMessage(message);
  const calls = toolCalls.map(({ name, arguments: given }) => name + JSON.stringify(given));
  return [text, ...calls, ...toolResults.map((result) => result.text)].join("\n");
}

function roleOf(role: number): Message["role"] {
  if (role === SYSTEM_ROLE) return "system";
  return role === vscode.LanguageModelChatMessageRole.Assistant ? "assistant" : "user";
}

function partText(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  if (part instanceof vscode.LanguageModelPromptTsxPart) return JSON.stringify(part.value);
  if (part instanceof vscode.LanguageModelDataPart && TEXT_MIME.test(part.mimeType)) {
    return new TextDecoder().decode(part.data);
  }
  return "";
}
