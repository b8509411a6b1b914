import type * as vscode from "vscode";
import type { GenerateEvent } from "../../protocol/generate.ts";
import { explain, type Explained } from "../doors/error-sentence.ts";
import type { Notices } from "../doors/notices.ts";
import { actOf, slashLine } from "../doors/slash-line.ts";
import type { ContextWindow } from "../window/context-window.ts";
import type { FileSource } from "../window/file-source.ts";
import type { TurnAct } from "../window/stored-session.ts";
import { agentScope } from "./agent/agent-scope.ts";
import type { AgentTurns } from "./agent/agent-turns.ts";
import { AnswerStream } from "./answer-stream.ts";
import { editorSubject, readAsked } from "./asked.ts";
import { signalOf } from "./cancellation.ts";
import { pastTurns, type TurnMetadata } from "./chat-history.ts";
import type { ChatSession, ChatSessions } from "./chat-sessions.ts";
import type { TurnEnd, TurnRequest } from "./chat-turn.ts";
import { Commands, CommandTitles } from "./names.ts";
import { plainTurn } from "./plain-turn.ts";
import type { EditorContext } from "./providers/editor-context.ts";
import { performAct, type SessionActs } from "./session-acts.ts";
import { teaches } from "./teaches.ts";

export type ChatAnswersOptions = {
  readonly sessions: ChatSessions;
  readonly acts: SessionActs;
  readonly agent: AgentTurns;
  readonly files: FileSource;
  readonly surroundings: EditorContext;
  readonly onActivity: (event: GenerateEvent | null) => void;
  readonly log: vscode.LogOutputChannel;
};

/** Answers messages to `@kvasir`. */
export class ChatAnswers {
  readonly #options: ChatAnswersOptions;

  constructor(options: ChatAnswersOptions) {
    this.#options = options;
  }

  async answer(
    request: vscode.ChatRequest,
    history: vscode.ChatContext["history"],
    response: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const stream = new AnswerStream(response, token);
    try {
      const session = await this.#options.acts.claim(request, pastTurns(history));
      if (typeof session === "string") return { errorDetails: { message: session } };
      return await this.#answerIn(session, request, stream, token);
    } catch (error) {
      return this.#failure(this.#explain(error), stream);
    }
  }

  async #answerIn(
    session: ChatSession,
    request: vscode.ChatRequest,
    stream: AnswerStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const { sessions, surroundings, onActivity } = this.#options;
    const act = actOf(request.command, request.prompt);
    const { window } = session;
    const before = window.state;
    try {
      session.notices.announceWith((notice) => stream.progress(notice));
      const turn = await this.#turnOf(session, request, stream, token);
      const end =
        act === "ask" ? await this.#answer(window, turn) : await performAct(act, session, turn);
      // The chat view shows the message as failed, so the next one does not follow upon it.
      if (end.kind === "failed" && !end.isKept) window.restore(before);
      const result = this.#resultOf(session, act, turn, end);
      const { id, title, name, turns } = session;
      await surroundings.turnEnded(
        { id, title, name, turns, window: window.state },
        { teaches: teaches(act, end) },
      );
      return result;
    } catch (error) {
      window.restore(before);
      return this.#failure(this.#explain(error), stream);
    } finally {
      // First, because nothing that is shown may keep the session from the next message.
      await sessions.release(session);
      onActivity(null);
      tell(session.notices, stream);
    }
  }

  async #answer(window: ContextWindow, turn: TurnRequest): Promise<TurnEnd> {
    const scope = await agentScope();
    if (scope === null) return await plainTurn(window, turn);
    return await this.#options.agent.answer(window, scope, turn);
  }

  async #turnOf(
    { window, notices }: ChatSession,
    request: vscode.ChatRequest,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<TurnRequest> {
    const { files, surroundings, onActivity } = this.#options;
    const { refusals, title, ...question } = await readAsked(request, files, editorSubject());
    for (const refusal of refusals) notices.add(refusal);
    const volatile = await surroundings.volatileTexts({
      message: question.message,
      window: window.state,
      attached: question.files,
    });
    return {
      id: crypto.randomUUID(),
      line: slashLine(request),
      title,
      question,
      volatile,
      toolToken: request.toolInvocationToken,
      stream,
      signal: signalOf(token),
      onActivity,
    };
  }

  #resultOf(
    session: ChatSession,
    act: TurnAct,
    { id, line: prompt, title, stream, signal }: TurnRequest,
    end: TurnEnd,
  ): vscode.ChatResult {
    if (end.kind === "failed" && !end.isKept) return this.#failure(end.explained, stream);
    const lastSegmentId = session.window.state.context.segments.at(-1)?.id ?? "";
    // However it ended: of a turn that was stopped, the editor drops the result.
    const cancelled = signal.aborted || (end.kind === "answered" && end.cancelled);
    if (act === "ask") session.title ||= title;
    session.turns = [...session.turns, { id, act, prompt, cancelled, lastSegmentId }];
    const metadata: TurnMetadata = { kvasirSession: session.id, kvasirTurn: id };
    return {
      ...(end.kind === "failed" ? this.#failure(end.explained, stream) : {}),
      metadata,
    };
  }

  #explain(error: unknown): Explained {
    this.#options.log.error(error instanceof Error ? error : String(error));
    return explain(error);
  }

  #failure(explained: Explained, stream: vscode.ChatResponseStream): vscode.ChatResult {
    for (const action of actionsFor(explained)) {
      stream.button({ command: Commands[action], title: CommandTitles[action] });
    }
    return { errorDetails: { message: explained.sentence } };
  }
}

/** The chat view folds away what stands before an answer, so this stands behind it. */
function tell(notices: Notices, stream: AnswerStream): void {
  const waiting = notices.take();
  for (const notice of waiting) stream.markdown(`\n\n> ${notice}`);
  // Nobody has read them, so they are told with the next answer.
  if (stream.isClosed) for (const notice of waiting) notices.add(notice);
}

function actionsFor({ remedy }: Explained): (keyof typeof CommandTitles)[] {
  if (remedy === "model") return ["selectModelFile", "showLog"];
  if (remedy === "sidecar") return ["restartSidecar", "showLog"];
  return remedy === "log" ? ["showLog"] : [];
}
