import type { ContextCounts } from "../../protocol/count.ts";
import { Meter } from "../../protocol/meter.ts";
import type { Usage } from "../../protocol/usage.ts";
import type { SidecarConnection, Subscription } from "../client/connection.ts";
import {
  Conversation,
  type ConversationAnswer,
  type GenerateOptions,
} from "../client/conversation.ts";
import { beginTurn, type TurnInput } from "../context/window/begin-turn.ts";
import { commitWhenDone } from "../context/window/commit.ts";
import { fold } from "../context/window/fold.ts";
import { followFile } from "../context/window/follow-files.ts";
import { admitFiles } from "../context/window/show-files.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { FileSource } from "./file-source.ts";
import { FollowedFiles } from "./followed-files.ts";
import { PrefillSpeed } from "./prefill-speed.ts";

/** A fold that would keep the machine busy for longer waits until there is no other way. */
const IDLE_FOLD_MS_MAX = 20_000;

/** Everything about a window that the sidecar need not know. */
type Frame = Omit<WindowState, "context">;

export type ContextWindowOptions = {
  readonly connection: SidecarConnection;
  readonly files: FileSource;
  /** Told when something has changed that `settle` would take in. */
  readonly onStale: () => void;
};

/** What came of settling. */
export type Settled = {
  readonly folded: boolean;
  /** Of making the result resident; `null` when nothing was to be resident. */
  readonly usage: Usage | null;
};

/**
 * A context window in use: the pure functions of `context/window/` decide, this carries it out over
 * a conversation, which owns what the sidecar mirrors.
 */
export class ContextWindow {
  readonly #conversation: Conversation;
  readonly #files: FollowedFiles;
  readonly #speed = new PrefillSpeed();
  readonly #meter: Subscription;
  #frame: Frame;

  constructor(options: ContextWindowOptions, { context, ...frame }: WindowState) {
    const { connection, files, onStale } = options;
    this.#conversation = new Conversation(connection, context);
    this.#files = new FollowedFiles(files, onStale);
    this.#frame = frame;
    this.#meter = connection.onNotification(Meter, (reading) => {
      if (reading.contextId === context.id) this.#speed.add(reading);
    });
    this.#follow();
  }

  get state(): WindowState {
    return { ...this.#frame, context: this.#conversation.state };
  }

  update(change: (window: WindowState) => WindowState): void {
    const { context, ...frame } = change(this.state);
    this.#conversation.update(() => context);
    this.#frame = frame;
    this.#follow();
  }

  /** Goes back to an earlier state. The files have gone on meanwhile and are looked at again. */
  restore(window: WindowState): void {
    this.update(({ nextNumber }) => ({
      ...window,
      // An id that was given once stands for one text, so that no mirror mistakes one for another.
      nextNumber: Math.max(nextNumber, window.nextNumber),
    }));
    this.#files.suspectAll();
  }

  /** Takes in what became of the files. The model learns of it with the next turn or fold. */
  async readFiles(): Promise<void> {
    for (const { uri, state } of await this.#files.takeChanges()) {
      this.update((window) => followFile(window, uri, state));
    }
  }

  /** Puts a question at the end; answers one sentence for everything that was left out of it. */
  async beginTurn(input: TurnInput): Promise<readonly string[]> {
    await this.readFiles();
    const { files, refusals } = admitFiles(this.state, input.files ?? []);
    this.update((window) => beginTurn(window, { ...input, files }));
    return refusals;
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

  /** Tells the sidecar what has changed and asks for nothing. */
  async sync(): Promise<void> {
    await this.#conversation.sync();
  }

  /**
   * While nobody waits: folds if that does not take too long, and makes the result resident. A model
   * that is not in memory is left alone, so there the fold costs nothing.
   */
  async settle(modelIsLoaded: boolean, signal?: AbortSignal): Promise<Settled> {
    await this.readFiles();
    if (isAborted(signal)) return { folded: false, usage: null };
    const before = this.state;
    const { window, fromIndex } = fold(before);
    const folds =
      fromIndex !== null && (!modelIsLoaded || (await this.#isQuick(fromIndex, signal)));
    // Whoever began a turn meanwhile works on a state that this fold knows nothing of.
    if (folds && this.#conversation.state === before.context) this.update(() => window);
    const usage = modelIsLoaded && !isAborted(signal) ? await this.warm(signal) : null;
    return { folded: folds, usage };
  }

  async close(): Promise<void> {
    this.#meter.dispose();
    this.#files.dispose();
    await this.#conversation.close();
  }

  async #isQuick(fromIndex: number, signal?: AbortSignal): Promise<boolean> {
    const { segments } = this.#conversation.state;
    const { segments: tokens } = await this.count(signal);
    const behind = segments.slice(fromIndex).reduce((sum, { id }) => sum + (tokens[id] ?? 0), 0);
    return (this.#speed.msFor(behind) ?? 0) <= IDLE_FOLD_MS_MAX;
  }

  #follow(): void {
    this.#files.follow(new Set(this.#frame.files.map(({ uri }) => uri)));
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
