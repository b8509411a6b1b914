import {
  blobsOf,
  readIndex,
  writeIndex,
  type CheckpointTurn,
  type TurnFacts,
} from "./checkpoint-index.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { type FileBytes, sameBytes } from "./file-bytes.ts";
import { InOrder } from "./in-order.ts";
import { KeptContents, totalBytes } from "./kept-contents.ts";
import { takeBack } from "./take-back.ts";

export const CHECKPOINT_TURNS_MAX = 50;
export const CHECKPOINT_BYTES_MAX = 256 * 2 ** 20;

export type CheckpointLimits = { readonly turnsMax: number; readonly bytesMax: number };

export type UndoOutcome =
  | {
      readonly kind: "ready";
      /** What to write where; null removes the file. Nothing has been written. */
      readonly writes: ReadonlyMap<string, FileBytes>;
      /** The paths among them that were changed meanwhile and keep those changes. */
      readonly merged: readonly string[];
      /** Files to be left as they are, and what they held before the turn. */
      readonly conflicts: readonly UndoConflict[];
      /** The turns that this takes back, for `forget` once it is written. */
      readonly turnIds: readonly string[];
    }
  | { readonly kind: "refused"; readonly reason: "unknownTurn"; readonly sentence: string };

export type UndoConflict = {
  readonly path: string;
  readonly sentence: string;
  readonly before?: FileBytes;
};

export type KeptTurn = TurnFacts & { readonly id: string; readonly paths: readonly string[] };

/** What a file holds now. */
export type ReadCurrent = (path: string) => Promise<FileBytes>;

/**
 * What the files that turns touched held before and after, so that turns can be taken back. Knows
 * paths and bytes only, and writes no file but those of its store.
 */
export class Checkpoints {
  readonly #store: CheckpointStore;
  readonly #limits: CheckpointLimits;
  /** Oldest first. Replaced as a whole, and only once it is on disk. */
  #turns: readonly CheckpointTurn[];
  readonly #contents: KeptContents;
  readonly #calls = new InOrder();

  private constructor(
    store: CheckpointStore,
    limits: CheckpointLimits,
    turns: readonly CheckpointTurn[],
    contents: KeptContents,
  ) {
    this.#store = store;
    this.#limits = limits;
    this.#turns = turns;
    this.#contents = contents;
  }

  /** The checkpoints of a store; `message` says, in a sentence, if earlier ones cannot be read. */
  static async open(
    store: CheckpointStore,
    limits: CheckpointLimits = { turnsMax: CHECKPOINT_TURNS_MAX, bytesMax: CHECKPOINT_BYTES_MAX },
  ): Promise<{ readonly checkpoints: Checkpoints; readonly message?: string }> {
    const json = await store.loadIndex();
    const turns = json === undefined ? [] : readIndex(json);
    const contents = await KeptContents.open(store);
    const checkpoints = new Checkpoints(store, limits, turns ?? [], contents);
    if (turns !== undefined) {
      await contents.removeAllBut(blobsOf(turns));
      return { checkpoints };
    }
    // The blobs stay until the next turn, in case someone repairs the index.
    const place = await store.setIndexAside();
    const message = `The list of checkpoints is damaged and was set aside as ${place}; earlier turns cannot be undone.`;
    return { checkpoints, message };
  }

  /** The turns that can be undone, oldest first, and the files that each touched. */
  turns(): readonly KeptTurn[] {
    return this.#turns.map(({ files, ...turn }) => ({
      ...turn,
      paths: [...new Set(files.map(({ path }) => path))],
    }));
  }

  /** Begins a turn, or goes on with one that was begun before a restart. */
  begin(turnId: string, facts: TurnFacts = {}): Promise<void> {
    return this.#calls.run(async () => {
      if (this.#turns.some(({ id }) => id === turnId)) return;
      await this.#save([...this.#turns, { id: turnId, files: [], ...facts }]);
    });
  }

  /**
   * Keeps what a file holds (null: it does not exist) before a turn changes it. Where somebody else
   * has changed it since the turn last did, that change is no part of the turn.
   */
  beforeWrite(turnId: string, path: string, bytes: FileBytes): Promise<void> {
    return this.#calls.run(async () => {
      const { files } = this.#turn(turnId);
      const last = files.findLast((file) => file.path === path);
      // How the last write ended is not known, so what was before it is still what to go back to.
      if (last !== undefined && last.after === undefined) return;
      const before = await this.#contents.keep(bytes);
      if (last?.after !== undefined && last.after?.hash === before?.hash) return;
      await this.#save(this.#withFiles(turnId, [...files, { path, before }]));
    });
  }

  /** Notes what a file holds after a turn has changed it. Without it an undo cannot tell whose changes it sees. */
  afterWrite(turnId: string, path: string, bytes: FileBytes): Promise<void> {
    return this.#calls.run(async () => {
      const { files } = this.#turn(turnId);
      const touched = files.findLast((file) => file.path === path);
      if (touched === undefined) throw new Error("A file was written that was not kept before.");
      const after = await this.#contents.keep(bytes);
      const changed = files.map((file) => (file === touched ? { ...file, after } : file));
      await this.#save(this.#withFiles(turnId, changed));
    });
  }

  /** What to write to take one turn back, and none of the later ones. */
  undo(turnId: string, current: ReadCurrent): Promise<UndoOutcome> {
    return this.#calls.run(() => this.#takeBack(turnId, (index) => [this.#turns[index]!], current));
  }

  /** What to write so that everything is as it was before a turn: takes back it and all later ones. */
  restore(turnId: string, current: ReadCurrent): Promise<UndoOutcome> {
    return this.#calls.run(() =>
      this.#takeBack(turnId, (index) => this.#turns.slice(index).toReversed(), current),
    );
  }

  /** Drops turns, after their undo was written or when their session is deleted. */
  forget(turnIds: readonly string[]): Promise<void> {
    return this.#calls.run(() => this.#save(this.#turns.filter(({ id }) => !turnIds.includes(id))));
  }

  async #takeBack(
    turnId: string,
    choose: (index: number) => readonly CheckpointTurn[],
    current: ReadCurrent,
  ): Promise<UndoOutcome> {
    const index = this.#turns.findIndex(({ id }) => id === turnId);
    if (index < 0) {
      const sentence = "The checkpoint of this turn is no longer kept.";
      return { kind: "refused", reason: "unknownTurn", sentence };
    }
    const chosen = choose(index);
    const writes = new Map<string, FileBytes>();
    const merged: string[] = [];
    const conflicts: UndoConflict[] = [];
    for (const path of new Set(chosen.flatMap(({ files }) => files.map((file) => file.path)))) {
      const now = await current(path);
      const outcome = await this.#takeBackFile(path, now, chosen);
      if (outcome.kind === "conflict") {
        const { kind: _, ...conflict } = outcome;
        conflicts.push({ path, ...conflict });
      } else if (!sameBytes(now, outcome.bytes)) {
        writes.set(path, outcome.bytes);
        if (outcome.kind === "merged") merged.push(path);
      }
    }
    return { kind: "ready", writes, merged, conflicts, turnIds: chosen.map(({ id }) => id) };
  }

  /** Takes one change after the other back, the newest first, so that what was changed between them stays. */
  async #takeBackFile(path: string, now: FileBytes, turns: readonly CheckpointTurn[]) {
    const states = turns.flatMap(({ files }) =>
      files.filter((file) => file.path === path).toReversed(),
    );
    const before = await this.#contents.load(states.at(-1)!.before);
    let bytes = now;
    let kind: "exactly" | "merged" = "exactly";
    for (const state of states) {
      const was = await this.#contents.load(state.before);
      const became = state.after === undefined ? undefined : await this.#contents.load(state.after);
      if (was === "damaged" || became === "damaged") {
        const sentence = "The checkpoint of the file is damaged.";
        return { kind: "conflict", sentence } as const;
      }
      const outcome = takeBack(bytes, was, became);
      if (outcome.kind === "conflict") {
        return before === "damaged" ? outcome : { ...outcome, before };
      }
      if (outcome.kind === "merged") kind = "merged";
      bytes = outcome.bytes;
    }
    return { kind, bytes } as const;
  }

  #turn(turnId: string): CheckpointTurn {
    const turn = this.#turns.find(({ id }) => id === turnId);
    if (turn === undefined) throw new Error(`The turn “${turnId}” was not begun.`);
    return turn;
  }

  #withFiles(turnId: string, files: CheckpointTurn["files"]): readonly CheckpointTurn[] {
    return this.#turns.map((turn) => (turn.id === turnId ? { ...turn, files } : turn));
  }

  /** The index goes to disk before blobs go from it, so it never names what is not there. */
  async #save(turns: readonly CheckpointTurn[]): Promise<void> {
    const kept = withinLimits(turns, this.#limits);
    await this.#store.saveIndex(writeIndex(kept));
    this.#turns = kept;
    await this.#contents.removeAllBut(blobsOf(kept));
  }
}

/** Drops the oldest turns until the rest fits; the newest stays, however large it is. */
function withinLimits(
  turns: readonly CheckpointTurn[],
  { turnsMax, bytesMax }: CheckpointLimits,
): readonly CheckpointTurn[] {
  let kept = turns.slice(-Math.max(1, turnsMax));
  while (kept.length > 1 && totalBytes(blobsOf(kept)) > bytesMax) kept = kept.slice(1);
  return kept;
}
