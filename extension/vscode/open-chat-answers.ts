import { AgentTurns, type AgentTurnsOptions } from "./agent/agent-turns.ts";
import { ChatAnswers, type ChatAnswersOptions } from "./chat-answers.ts";
import type { OpenedSessions } from "./open-chat-sessions.ts";

type Options = Omit<AgentTurnsOptions, "files"> & Pick<ChatAnswersOptions, "onActivity" | "log">;

/** Puts together what answers messages to `@kvasir`. */
export function openChatAnswers(
  { files, surroundings, sessions, acts }: OpenedSessions,
  options: Options,
): ChatAnswers {
  const { onActivity, log } = options;
  const agent = new AgentTurns({ ...options, files });
  return new ChatAnswers({ sessions, acts, agent, files, surroundings, onActivity, log });
}
