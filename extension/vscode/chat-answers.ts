import type * as vscode from "vscode";
import type { GenerateEvent } from "../../protocol/generate.ts";
import type { ConversationAnswer } from "../client/conversation.ts";
import { explain, type Explained } from "../doors/error-sentence.ts";
import type { TurnOptions } from "../doors/model-options.ts";
import { actOf, slashLine } from "../doors/slash-line.ts";
import { volatileTexts } from "../doors/volatile-texts.ts";
import { ProgressPace } from "../doors/progress-pace.ts";
import type { FileSource } from "../window/file-source.ts";
import { editorSubject, readAsked } from "./asked.ts";
import { signalOf } from "./cancellation.ts";
import { pastTurns, type TurnMetadata } from "./chat-history.ts";
import type { ChatSession, ChatSessions } from "./chat-sessions.ts";
import { Commands, CommandTitles } from "./names.ts";
import { readProblems } from "./problems.ts";
import { performAct, type SessionActs } from "./session-acts.ts";
import { today } from "../window/today.ts";

const CUT_SHORT = "\n\n*The answer reached its limit of tokens.*";

export type ChatAnswersOptions = {
  readonly sessions: ChatSessions;
  readonly acts: SessionActs;
  readonly files: FileSource;
  readonly readOptions: () => TurnOptions;
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
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<vscode.ChatResult> {
    const act = actOf(request.command, request.prompt);
    const session = await this.#options.acts.claim(request, pastTurns(history));
    if (typeof session === "string") return { errorDetails: { message: session } };
    const { window } = session;
    const before = window.state;
    try {
      session.notices.announceWith((notice) => stream.progress(notice));
      if (act !== "ask") {
        await performAct(act, session, stream, signalOf(token));
        return this.#finish(session, request, token.isCancellationRequested);
      }
      const asked = await readAsked(request, this.#options.files, editorSubject());
      for (const refusal of asked.refusals) session.notices.add(refusal);
      const problems = readProblems(window.state);
      const volatile = volatileTexts(window.state.startedOn, { today: today(), problems });
      const { files, texts, message, title } = asked;
      await window.beginTurn({ files, texts, volatile, message }, signalOf(token));
      const { stop } = await this.#generate(session, stream, token);
      if (stop === "maxTokens") stream.markdown(CUT_SHORT);
      session.title ||= title;
      return this.#finish(session, request, stop === "cancelled");
    } catch (error) {
      // The chat view shows the message as failed, so the next one does not follow upon it.
      window.restore(before);
      return this.#fail(error, stream);
    } finally {
      // The chat view folds away what stands before an answer, so this stands behind it.
      for (const notice of session.notices.take()) stream.markdown(`\n\n> ${notice}`);
      await this.#options.sessions.release(session);
      this.#options.onActivity(null);
    }
  }

  async #generate(
    { window }: ChatSession,
    stream: vscode.ChatResponseStream,
    token: vscode.CancellationToken,
  ): Promise<ConversationAnswer> {
    const { readOptions, onActivity } = this.#options;
    const pace = new ProgressPace();
    return await window.generate({
      ...readOptions(),
      signal: signalOf(token),
      onEvent: (event) => {
        onActivity(event);
        if (event.kind === "text") stream.markdown(event.text);
        const line = pace.lineFor(event, performance.now());
        if (line !== null) stream.progress(line);
      },
    });
  }

  #finish(
    session: ChatSession,
    request: vscode.ChatRequest,
    cancelled: boolean,
  ): vscode.ChatResult {
    const id = crypto.randomUUID();
    const act = actOf(request.command, request.prompt);
    const prompt = slashLine(request);
    const lastSegmentId = session.window.state.context.segments.at(-1)?.id ?? "";
    session.turns = [...session.turns, { id, act, prompt, cancelled, lastSegmentId }];
    const metadata: TurnMetadata = { kvasirSession: session.id, kvasirTurn: id };
    return { metadata };
  }

  #fail(error: unknown, stream: vscode.ChatResponseStream): vscode.ChatResult {
    const explained = explain(error);
    this.#options.log.error(error instanceof Error ? error : String(error));
    for (const action of actionsFor(explained)) {
      stream.button({ command: Commands[action], title: CommandTitles[action] });
    }
    return { errorDetails: { message: explained.sentence } };
  }
}

function actionsFor({ remedy }: Explained): (keyof typeof CommandTitles)[] {
  if (remedy === "model") return ["selectModelFile", "showLog"];
  if (remedy === "sidecar") return ["restartSidecar", "showLog"];
  return remedy === "log" ? ["showLog"] : [];
}
