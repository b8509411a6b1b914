import * as vscode from "vscode";
import * as z from "zod";
import { withoutSteps } from "../agent/chat/step-line.ts";
import type { PastTurn } from "../doors/resume-point.ts";
import { slashLine } from "../doors/slash-line.ts";
import { PARTICIPANT_ID } from "./names.ts";

/** Travels with our results and comes back with the history. */
const TurnMetadata = z.object({ kvasirSession: z.string(), kvasirTurn: z.string() });
export type TurnMetadata = z.infer<typeof TurnMetadata>;

export type ChatTurn = PastTurn & {
  readonly command: string | undefined;
  /** What was typed, behind the slash command if there was one. */
  readonly typed: string;
  readonly sessionId: string | undefined;
  readonly answer: string;
  readonly references: readonly vscode.ChatPromptReference[];
};

/** Our turns in the chat, oldest first. */
export function pastTurns(history: vscode.ChatContext["history"]): ChatTurn[] {
  const turns: ChatTurn[] = [];
  for (const [index, response] of history.entries()) {
    const request = history[index - 1];
    if (!(response instanceof vscode.ChatResponseTurn)) continue;
    if (!(request instanceof vscode.ChatRequestTurn)) continue;
    if (response.participant !== PARTICIPANT_ID) continue;
    const metadata = TurnMetadata.safeParse(response.result.metadata);
    turns.push({
      prompt: slashLine(request),
      command: request.command,
      typed: request.prompt,
      references: request.references,
      answer: textOf(response),
      failed: response.result.errorDetails !== undefined,
      turnId: metadata.data?.kvasirTurn,
      sessionId: metadata.data?.kvasirSession,
    });
  }
  return turns;
}

/** What the model said; the steps between were shown by us and are no words of its own. */
function textOf(response: vscode.ChatResponseTurn): string {
  const texts = response.response.map((part) => {
    if (part instanceof vscode.ChatResponseMarkdownPart) return part.value.value;
    // A link to a file stands in the middle of a step's line.
    return part instanceof vscode.ChatResponseAnchorPart ? (part.title ?? "") : "";
  });
  return withoutSteps(texts.join(""));
}
