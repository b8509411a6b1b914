import type { ContextCounts } from "../../protocol/count.ts";
import { errorDataOf } from "../../protocol/errors.ts";
import { Meter } from "../../protocol/meter.ts";
import type { Usage } from "../../protocol/usage.ts";
import { isCancelled, type SidecarConnection, type Subscription } from "../client/connection.ts";
import {
  Conversation,
  type ConversationAnswer,
  type GenerateOptions,
} from "../client/conversation.ts";
import { applyCompaction } from "../context/compact/apply-compaction.ts";
import { budgetsFor, spentTokens } from "../context/compact/budgets.ts";
import { compactionSentence } from "../context/compact/compaction-sentence.ts";
import { fitNewcomers } from "../context/compact/fit-newcomers.ts";
import {
  type Compaction,
  planCompaction,
  planWholeCompaction,
} from "../context/compact/plan-compaction.ts";
import { toolsSentence } from "../context/compact/tools-sentence.ts";
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
import type { Settled } from "./settled.ts";
import { summarise, SUMMARY_TOKENS_MAX } from "./summarise.ts";

/** A fold that would keep the machine busy for longer waits until there is no other way. */
const IDLE_FOLD_MS_MAX = 20_000;

/** Everything about a window that the sidecar need not know. */
type Frame = Omit<WindowState, "context">;

export type ContextWindowOptions = {
  readonly connection: SidecarConnection;
  readonly files: FileSource;
  /** A model that is not in memory is not loaded to count or to be made ready. */
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
  #frame: Frame;
  /** What the latest answer could take; the next one will want as much. */
  #answerTokens: number | undefined;
  #toldOfTools = false;

  constructor(options: ContextWindowOptions, { context, ...frame }: WindowState) {
    const { connection, files, onStale } = options;
    this.#options = options;
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
  async beginTurn(input: TurnInput, signal?: AbortSignal): Promise<void> {
    await this.readFiles();
    const { refusals } = admitFiles(this.state, input.files ?? []);
    for (const refusal of refusals) this.#options.onNotice(refusal);
    this.update((window) => beginTurn(window, input));
    if (this.#options.isModelLoaded()) this.#fitNewcomers(await this.count(signal));
  }

  /** Answers the window as it stands; a final answer closes the turn if the mode says so. */
  async generate(options: GenerateOptions): Promise<ConversationAnswer> {
    this.#answerTokens = options.maxTokens;
    const answer = await this.#generate(options);
    this.update(commitWhenDone);
    return answer;
  }

  /** Makes the window resident as it stands, so that the next message prefills only itself. */
  async warm(signal?: AbortSignal): Promise<Usage> {
    return await this.#conversation.warm(signal);
  }

  /** The same ahead of time, if the model is in memory and may work now. */
  async prepare(signal: AbortSignal): Promise<void> {
    if (this.#options.isModelLoaded() && (await this.#mayPrepare()) && !isAborted(signal)) {
      await this.warm(signal);
    }
  }

  /** Makes resident what is on disk of the window as it stands. Loads the model if need be. */
  async readBack(signal?: AbortSignal): Promise<Usage> {
    return await this.#conversation.readBack(signal);
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
    const compacted =
      isLoaded &&
      (await this.#compact(await this.count(signal), this.#options.summarises(), signal));
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
    const done = await this.#carryOut(compaction, this.#options.summarises(), signal);
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
      const counts = await this.count(options.signal);
      this.#fitNewcomers(counts);
      // Asking for a summary would need the room that is not there.
      await this.#compact(counts, false, options.signal);
      return await this.#conversation.generate(options);
    }
  }

  /** Loads the model where it is not in memory, which may take long. */
  async #countUnlessStopped(signal: AbortSignal | undefined): Promise<ContextCounts | null> {
    try {
      return await this.count(signal);
    } catch (error) {
      if (isCancelled(error)) return null;
      throw error;
    }
  }

  #fitNewcomers(counts: ContextCounts): void {
    const budgets = budgetsFor(counts.windowTokens, this.#answerTokens);
    this.#tellOfTools(toolsSentence(counts.toolsTokens, budgets));
    const { window, refusals } = fitNewcomers(this.state, counts, budgets);
    this.update(() => window);
    for (const refusal of refusals) this.#options.onNotice(refusal);
  }

  /** Once: the tools of a window are chosen when it is opened. */
  #tellOfTools(sentence: string | null): void {
    if (sentence === null || this.#toldOfTools) return;
    this.#toldOfTools = true;
    this.#options.onNotice(sentence);
  }

  async #compact(
    counts: ContextCounts,
    summarises: boolean,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const budgets = budgetsFor(counts.windowTokens, this.#answerTokens);
    const compaction = planCompaction(this.state, counts, budgets);
    return compaction !== null && (await this.#carryOut(compaction, summarises, signal));
  }

  /** Answers whether it was carried out: a stop keeps everything. */
  async #carryOut(
    compaction: Compaction,
    summarises: boolean,
    signal: AbortSignal | undefined,
  ): Promise<boolean> {
    const asks = summarises && compaction.turns > 0;
    const summary = asks ? await summarise(this.#conversation, signal) : null;
    if (isAborted(signal)) return false;
    const reprefillMs = this.#speed.msFor(compaction.reprefillTokens);
    this.#options.onNotice(compactionSentence(compaction, reprefillMs));
    this.update((window) => applyCompaction(window, compaction, summary));
    return true;
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
    const tokens = foldTokens(this.state, fromIndex, await this.count(signal));
    return tokens !== null && (this.#speed.msFor(tokens) ?? 0) <= IDLE_FOLD_MS_MAX;
  }

  #follow(): void {
    this.#files.follow(new Set(this.#frame.files.map(({ uri }) => uri)));
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
