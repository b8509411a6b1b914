import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { GenerateEvent } from "../../protocol/generate.ts";
import { CountTokens } from "../../protocol/model.ts";
import type { Segment } from "../../protocol/segment.ts";
import type { SidecarConnection } from "../client/connection.ts";
import { Conversation } from "../client/conversation.ts";
import { setTools } from "../context/change.ts";
import { emptyContext } from "../context/state.ts";
import { canonicalTools } from "../context/window/canonical-tools.ts";
import { explain } from "../doors/error-sentence.ts";
import { bestMatch, keepMatching } from "../doors/match-messages.ts";
import { wantedSegments } from "../doors/message.ts";
import { type TurnOptions, withModelOptions } from "../doors/model-options.ts";
import { RecentlyUsed } from "../doors/recently-used.ts";
import { isShortened } from "../doors/shortened.ts";
import { signalOf } from "./cancellation.ts";
import { messageText, toMessage, toTool } from "./model-messages.ts";

/** Callers of this door that are remembered, so that each goes on where it was. */
const CONVERSATIONS_MAX = 8;

/** The editor forgets parts that nobody has read yet when an error follows, and collects them for a while. */
const PARTS_ARRIVE_MS = 200;

const CUT_SHORT =
  "The answer was cut at its limit of tokens. “kvasir.answer.maxTokens” sets the limit, and the context window has to have the room.";

type Pooled = { readonly conversation: Conversation; busy: boolean };

export type ModelAnswersOptions = {
  readonly connection: SidecarConnection;
  readonly readOptions: () => TurnOptions;
  readonly onActivity: (event: GenerateEvent | null) => void;
  readonly log: vscode.LogOutputChannel;
};

/** Answers whoever uses Kvasir as a language model, such as the chat view and other extensions. */
export class ModelAnswers {
  readonly #options: ModelAnswersOptions;
  readonly #pool: RecentlyUsed<Pooled>;

  constructor(options: ModelAnswersOptions) {
    this.#options = options;
    this.#pool = new RecentlyUsed(CONVERSATIONS_MAX, ({ conversation }) => {
      conversation.close().catch((error: unknown) => options.log.warn(String(error)));
    });
  }

  async respond(
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    options: vscode.ProvideLanguageModelChatResponseOptions,
    progress: vscode.Progress<vscode.LanguageModelResponsePart>,
    token: vscode.CancellationToken,
  ): Promise<void> {
    const pooled = this.#conversationFor(messages, options.tools ?? []);
    pooled.busy = true;
    const { readOptions, onActivity } = this.#options;
    const turn = withModelOptions(readOptions(), options.modelOptions);
    let shortened = false;
    try {
      const answer = await pooled.conversation.generate({
        ...turn,
        toolChoice: toolChoiceOf(options),
        signal: signalOf(token),
        onEvent: (event) => {
          onActivity(event);
          report(event, progress);
        },
      });
      shortened = isShortened(answer, turn.maxTokens);
    } catch (error) {
      throw this.#explained(error);
    } finally {
      pooled.busy = false;
      onActivity(null);
    }
    // The editor's interface has no other way to say that an answer is not all there.
    if (!shortened) return;
    await delay(PARTS_ARRIVE_MS);
    throw withoutStack(new Error(CUT_SHORT));
  }

  async countTokens(
    text: string | vscode.LanguageModelChatRequestMessage,
    token: vscode.CancellationToken,
  ): Promise<number> {
    const texts = [typeof text === "string" ? text : messageText(text)];
    try {
      const { connection } = this.#options;
      const { counts } = await connection.request(CountTokens, { texts }, signalOf(token));
      return counts[0] ?? 0;
    } catch (error) {
      throw this.#explained(error);
    }
  }

  #conversationFor(
    messages: readonly vscode.LanguageModelChatRequestMessage[],
    tools: readonly vscode.LanguageModelChatTool[],
  ): Pooled {
    const wanted = wantedSegments(messages.map((message) => toMessage(message)));
    // The one used last comes first, so that it wins among equals.
    const idle = this.#pool
      .values()
      .toReversed()
      .filter(({ busy }) => !busy);
    const index = bestMatch(idle.map(segmentsOf), wanted);
    const pooled = (index === null ? undefined : idle[index]) ?? this.#open();
    this.#pool.set(pooled.conversation.state.id, pooled);
    const offered = tools.map((tool) => toTool(tool));
    pooled.conversation.update((state) => {
      const segments = keepMatching(state.segments, wanted, () => crypto.randomUUID());
      return setTools({ ...state, segments }, canonicalTools(state.tools, offered));
    });
    return pooled;
  }

  #open(): Pooled {
    const { connection } = this.#options;
    const conversation = new Conversation(connection, emptyContext(crypto.randomUUID()));
    return { conversation, busy: false };
  }

  #explained(error: unknown): Error {
    this.#options.log.error(error instanceof Error ? error : String(error));
    const { sentence, remedy } = explain(error);
    const explained =
      remedy === "model"
        ? vscode.LanguageModelError.NotFound(sentence)
        : new Error(sentence, { cause: error });
    return withoutStack(explained);
  }
}

/** The editor's own agent shows the stack to users, and the log has it already. */
function withoutStack(error: Error): Error {
  delete error.stack;
  return error;
}

function segmentsOf({ conversation }: Pooled): readonly Segment[] {
  return conversation.state.segments;
}

function toolChoiceOf({
  tools = [],
  toolMode,
}: vscode.ProvideLanguageModelChatResponseOptions): "auto" | "none" | "required" {
  if (tools.length === 0) return "none";
  return toolMode === vscode.LanguageModelChatToolMode.Required ? "required" : "auto";
}

function report(
  event: GenerateEvent,
  progress: vscode.Progress<vscode.LanguageModelResponsePart>,
): void {
  if (event.kind === "text") progress.report(new vscode.LanguageModelTextPart(event.text));
  if (event.kind === "toolCall") {
    const { id, name, arguments: given } = event.call;
    progress.report(new vscode.LanguageModelToolCallPart(id, name, given));
  }
}
