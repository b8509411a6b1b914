import type { ContextCounts } from "../../protocol/count.ts";
import { errorDataOf } from "../../protocol/errors.ts";
import { Meter } from "../../protocol/meter.ts";
import { ModelStatusChanged } from "../../protocol/model.ts";
import type { Usage } from "../../protocol/usage.ts";
import { isCancelled, type SidecarConnection, type Subscription } from "../client/connection.ts";
import {
  Conversation,
  type ConversationAnswer,
  type GenerateOptions,
} from "../client/conversation.ts";
import { spentTokens } from "../context/compact/budgets.ts";
import { planWholeCompaction } from "../context/compact/plan-compaction.ts";
import { beginTurn, type TurnInput } from "../context/window/begin-turn.ts";
import { commitWhenDone } from "../context/window/commit.ts";
import { fold } from "../context/window/fold.ts";
import { foldTokens } from "../context/window/fold-tokens.ts";
import { followFile } from "../context/window/follow-files.ts";
import { rewind } from "../context/window/rewind.ts";
import { admitFiles } from "../context/window/show-files.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { Compacted } from "./compacted.ts";
import type { FileSource } from "./file-source.ts";
import { FollowedFiles } from "./followed-files.ts";
import { PrefillSpeed } from "./prefill-speed.ts";
import { Room } from "./room.ts";
import type { Settled } from "./settled.ts";
import { summarise, SUMMARY_TOKENS_MAX } from "./summarise.ts";

/** A fold that would keep the machine busy for longer waits until there is no other way. */
const IDLE_FOLD_MS_MAX = 20_000;

/** Everything about a window that the sidecar need not know. */
type Frame = Omit<WindowState, "context">;

export type ContextWindowOptions = {
  readonly connection: SidecarConnection;
  readonly files: FileSource;
  /** A model that is not in memory is not loaded while nobody waits. */
  readonly isModelLoaded: () => boolean;
  /** Whether the model may work while nobody waits; so it may when this is absent. */
  readonly mayPrepare?: () => Promise<boolean>;
  /** Whether the model is asked for a summary of turns that are left out. */
  readonly summarises: () => boolean;
  /** Told, in one sentence, of everything that is left out; of a compaction before it runs. */
  readonly onNotice: (sentence: string) => void;
  /** Told when something has changed that `settle` would take in. */
  readonly onStale: () => void;
};

/**
 * A context window in use: the pure functions of `context/` decide, this carries it out over a
 * conversation, which owns what the sidecar mirrors.
 */
export class ContextWindow {
  readonly #options: ContextWindowOptions;
  readonly #conversation: Conversation;
  readonly #files: FollowedFiles;
  readonly #speed = new PrefillSpeed();
  readonly #meter: Subscription;
  readonly #room: Room;
  #frame: Frame;
  /** Whether a turn has begun that nobody has counted. */
  #hasNewcomers = false;

  constructor(options: ContextWindowOptions, { context, ...frame }: WindowState) {
    const { connection, files, onNotice, onStale } = options;
    this.#options = options;
    this.#conversation = new Conversation(connection, context);
    this.#files = new FollowedFiles(files, onStale);
    this.#frame = frame;
    this.#meter = connection.onNotification(Meter, (reading) => {
      if (reading.contextId === context.id) this.#speed.add(reading);
    });
    this.#room = new Room(this, {
      msFor: (tokens) => this.#speed.msFor(tokens),
      summarise: async (signal) => await summarise(this.#conversation, signal),
      onNotice,
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

  /**
   * Goes back to where a segment was the last one, or to the opening for `null`. Answers whether
   * that is still possible: what was left out to make room cannot be gone back to.
   */
  rewind(lastSegmentId: string | null): boolean {
    const rewound = rewind(this.state, lastSegmentId);
    if (rewound !== null) this.update(() => rewound);
    return rewound !== null;
  }

  /** Takes in what became of the files. The model learns of it with the next turn or fold. */
  async readFiles(): Promise<void> {
    for (const { uri, state } of await this.#files.takeChanges()) {
      this.update((window) => followFile(window, uri, state));
    }
  }

  /** Puts a question at the end. */
  async beginTurn(input: TurnInput): Promise<void> {
    await this.readFiles();
    const { refusals } = admitFiles(this.state, input.files ?? []);
    for (const refusal of refusals) this.#options.onNotice(refusal);
    this.update((window) => beginTurn(window, input));
    this.#hasNewcomers = true;
  }

  /** Answers the window as it stands; a final answer closes the turn if the mode says so. */
  async generate(options: GenerateOptions): Promise<ConversationAnswer> {
    this.#room.keepFree(options.maxTokens);
    await this.#fitNewcomers(options);
    const answer = await this.#generate(options);
    this.update(commitWhenDone);
    return answer;
  }

  /** Makes the window resident as it stands, so that the next message prefills only itself. */
  async warm(...how: Parameters<Conversation["warm"]>): Promise<Usage> {
    return await this.#conversation.warm(...how);
  }

  /** The same ahead of time, if the model is in memory and may work now. */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#options.isModelLoaded() && (await this.#mayPrepare()) && !isAborted(signal)) {
      await this.warm(signal);
    }
  }

  async count(signal?: AbortSignal): Promise<ContextCounts> {
    return await this.#conversation.count(signal);
  }

  /** Tells the sidecar what has changed and asks for nothing. */
  async sync(): Promise<void> {
    await this.#conversation.sync();
  }

  /**
   * While nobody waits: makes room if there is too little, folds if that does not take too long, and
   * makes the result resident. Without a model in memory nothing is resident, so a fold is free. Where
   * nothing was folded, the turn before has left resident all that there is.
   */
  async settle(signal?: AbortSignal): Promise<Settled> {
    await this.readFiles();
    const isLoaded = this.#options.isModelLoaded();
    // Without a model in memory, a fold makes it do nothing.
    const allowed = !isLoaded || (await this.#mayPrepare());
    if (!allowed || isAborted(signal)) return { folded: false, usage: null };
    const counts = isLoaded ? await this.#countUnlessStopped(signal) : null;
    const how = { summarises: this.#options.summarises(), signal };
    const compacted = counts !== null && (await this.#room.make(counts, how));
    const folded = compacted || (await this.#fold(isLoaded, signal));
    const usage = folded && isLoaded && !isAborted(signal) ? await this.warm(signal) : null;
    return { folded, usage };
  }

  /**
   * Makes as much room as can be made, because somebody asks for it, and makes the result resident.
   * Stopped before it is carried out, it changes nothing.
   */
  async compact(signal?: AbortSignal): Promise<Compacted> {
    await this.readFiles();
    const before = await this.#countUnlessStopped(signal);
    if (before === null) return { kind: "stopped" };
    const compaction = planWholeCompaction(this.state, before);
    if (compaction === null || compaction.freedTokens <= SUMMARY_TOKENS_MAX) {
      return { kind: "nothing" };
    }
    const beforeTokens = spentTokens(this.state, before).prompt;
    const how = { summarises: this.#options.summarises(), signal };
    const done = await this.#room.carryOut(compaction, how);
    if (!done) return { kind: "stopped" };
    await this.warm(signal);
    const afterTokens = spentTokens(this.state, await this.count()).prompt;
    return { kind: "compacted", beforeTokens, afterTokens };
  }

  async close(): Promise<void> {
    this.#meter.dispose();
    this.#files.dispose();
    await this.#conversation.close();
  }

  async #mayPrepare(): Promise<boolean> {
    const { mayPrepare } = this.#options;
    return mayPrepare === undefined || (await mayPrepare());
  }

  /** Makes room, once, for a prompt that does not fit with all of its answer; else that is shorter. */
  async #generate(options: GenerateOptions): Promise<ConversationAnswer> {
    const { maxTokens } = options;
    try {
      const whole = maxTokens === undefined ? {} : { roomTokens: maxTokens };
      return await this.#conversation.generate({ ...options, ...whole });
    } catch (error) {
      if (errorDataOf(error)?.kind !== "promptTooLong") throw error;
      const { signal } = options;
      const counts = await this.#countUnlessStopped(signal);
      if (counts !== null) {
        this.#room.fitNewcomers(counts);
        // Asking for a summary would need the room that is not there.
        await this.#room.make(counts, { summarises: false, signal });
      }
      // Stopped meanwhile, the sidecar is asked nothing.
      return await this.#conversation.generate(options);
    }
  }

  /** Once a turn, before anything of it is decoded: what is resident would stay. */
  async #fitNewcomers({ signal, onEvent }: GenerateOptions): Promise<void> {
    if (!this.#hasNewcomers) return;
    // Counting loads the model, and whoever waits for an answer is told of that.
    const loading = this.#options.connection.onNotification(ModelStatusChanged, (status) => {
      if (status.state === "loading") onEvent?.({ kind: "loading", share: status.share });
    });
    try {
      const counts = await this.#countUnlessStopped(signal);
      if (counts === null) return;
      this.#hasNewcomers = false;
      this.#room.fitNewcomers(counts);
    } finally {
      loading.dispose();
    }
  }

  /** Loads the model where it is not in memory, which may take long. `null` when it was stopped. */
  async #countUnlessStopped(signal: AbortSignal | undefined): Promise<ContextCounts | null> {
    if (isAborted(signal)) return null;
    try {
      return await this.count(signal);
    } catch (error) {
      if (isCancelled(error)) return null;
      throw error;
    }
  }

  async #fold(isLoaded: boolean, signal: AbortSignal | undefined): Promise<boolean> {
    const [frame, { state }] = [this.#frame, this.#conversation];
    const { window, fromIndex } = fold(this.state);
    if (fromIndex === null) return false;
    if (isLoaded && !(await this.#isWorthIt(fromIndex, signal))) return false;
    // Whoever began a turn meanwhile works on a state that this fold knows nothing of.
    if (this.#frame !== frame || this.#conversation.state !== state) return false;
    if (isAborted(signal)) return false;
    this.update(() => window);
    return true;
  }

  async #isWorthIt(fromIndex: number, signal: AbortSignal | undefined): Promise<boolean> {
    const counts = await this.#countUnlessStopped(signal);
    const tokens = counts === null ? null : foldTokens(this.state, fromIndex, counts);
    return tokens !== null && (this.#speed.msFor(tokens) ?? 0) <= IDLE_FOLD_MS_MAX;
  }

  #follow(): void {
    this.#files.follow(new Set(this.#frame.files.map(({ uri }) => uri)));
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
