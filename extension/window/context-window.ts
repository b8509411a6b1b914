import type { SidecarConnection } from "../client/connection.ts";
import {
  Conversation,
  type ConversationAnswer,
  type GenerateOptions,
} from "../client/conversation.ts";
import { commitWhenDone } from "../context/window/commit.ts";
import { fold } from "../context/window/fold.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { ContextCounts } from "../../protocol/count.ts";
import type { Usage } from "../../protocol/usage.ts";

/** Everything about a window that the sidecar need not know. */
type Frame = Omit<WindowState, "context">;

/**
 * A context window in use: the pure functions of `context/window/` decide, this carries it out over
 * a conversation, which owns what the sidecar mirrors.
 */
export class ContextWindow {
  readonly #conversation: Conversation;
  #frame: Frame;

  constructor(connection: SidecarConnection, { context, ...frame }: WindowState) {
    this.#conversation = new Conversation(connection, context);
    this.#frame = frame;
  }

  get state(): WindowState {
    return { ...this.#frame, context: this.#conversation.state };
  }

  update(change: (window: WindowState) => WindowState): void {
    const { context, ...frame } = change(this.state);
    this.#conversation.update(() => context);
    this.#frame = frame;
  }

  /** Answers the window as it stands; a final answer closes the turn if the mode says so. */
  async generate(options: GenerateOptions): Promise<ConversationAnswer> {
    const answer = await this.#conversation.generate(options);
    this.update(commitWhenDone);
    return answer;
  }

  /** Makes the window resident as it stands, so that the next message prefills only itself. */
  async warm(signal?: AbortSignal): Promise<Usage> {
    return await this.#conversation.warm(signal);
  }

  async count(signal?: AbortSignal): Promise<ContextCounts> {
    return await this.#conversation.count(signal);
  }

  /** While nobody waits: folds, and makes the result resident. */
  async settle(signal?: AbortSignal): Promise<Usage> {
    this.update((window) => fold(window).window);
    return await this.warm(signal);
  }

  async close(): Promise<void> {
    await this.#conversation.close();
  }
}
