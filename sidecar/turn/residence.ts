import type { Reuse } from "../../protocol/generate.ts";
import type { Engine, Seat } from "../engine/engine.ts";
import { Branches, type Held } from "../kv/branches.ts";
import { KvState } from "../kv/kv-state.ts";
import type { Hold } from "../lane/job.ts";
import type { ModelStore } from "../store/model-store.ts";
import { type AnswerRoom, windowOf } from "./answer-room.ts";
import { PrefillSpeed } from "./chunk.ts";
import { foldStale } from "./fold.ts";
import { makeResident, type Residency, type ResidencyOptions } from "./make-resident.ts";

/** How a turn shares the model with others; without it, the turn has the model to itself. */
export type Sharing = Pick<Hold, "share" | "othersEnd">;

export type Wish = Pick<ResidencyOptions, "leave" | "signal" | "checkpointsAt" | "onProgress"> & {
  readonly contextId: string;
  readonly wanted: readonly number[];
  readonly room: AnswerRoom;
  readonly reuse: Reuse | undefined;
  readonly healTokens: number | undefined;
  readonly storedOnly?: boolean;
  readonly sharing: Sharing | undefined;
};

export type Resided = Residency & {
  /** Of the prefix, what came from another conversation. */
  readonly forkedTokens: number;
};

/** Brings the prompts of many conversations into the cells of one engine. */
export class Residence {
  readonly kv: KvState;
  readonly speed = new PrefillSpeed();
  /** Where prompts are kept on disk; `null` when they are not. */
  stored: ModelStore | null = null;
  readonly #engine: Engine;
  readonly #branches: Branches;

  constructor(engine: Engine) {
    this.#engine = engine;
    this.kv = new KvState(engine.cells, engine.facts.cellsTokens);
    this.#branches = new Branches(this.kv);
  }

  /** All conversations that have cells. */
  get held(): readonly Held[] {
    return this.#branches.held;
  }

  /** The conversation whose cells are in place. */
  get contextId(): string | null {
    return this.#branches.activeId;
  }

  /**
   * Puts the right branch in place, makes room beside it and brings it to the wanted tokens. When
   * others are in the middle of turns that leave too little room, it waits until one has ended.
   * `leave` must be called when the turn is over.
   */
  async occupy(wish: Wish): Promise<Resided> {
    const { contextId, wanted, room, sharing } = wish;
    const seat = this.#engine.openSeat();
    this.#take(seat);
    let forkedTokens = await this.#branches.activate(contextId, wanted);
    while (!this.#branches.makeRoom(wanted, room.mostTokens)) {
      if (sharing === undefined || !(await sharing.othersEnd())) break;
      this.#take(seat);
      forkedTokens = await this.#branches.activate(contextId, wanted);
    }
    this.#branches.begin(contextId, wanted.length + room.mostTokens);
    if (this.kv.canMove) sharing?.share(() => this.#comeBack(contextId, seat));
    const residency = await makeResident(this.kv, wanted, {
      leave: wish.leave,
      checkpointsAt: wish.checkpointsAt,
      positionsMax: windowOf(this.#engine.facts) - room.sureTokens,
      reuse: wish.reuse ?? "exact",
      healTokens: wish.healTokens ?? 0,
      storedOnly: wish.storedOnly === true,
      signal: wish.signal,
      onProgress: wish.onProgress,
      speed: this.speed,
      stored: this.stored,
    });
    const { prefixTokens, restoredTokens } = residency;
    return { ...residency, forkedTokens: Math.min(forkedTokens, prefixTokens - restoredTokens) };
  }

  /** The turn of a conversation is over: what it holds may be given up for others. */
  leave(contextId: string): void {
    this.#branches.end(contextId);
  }

  /** Computes stale cells of the conversation in place anew. Answers how many it computed. */
  async fold(signal: AbortSignal): Promise<number> {
    const { kv, speed } = this;
    return await foldStale(kv, { signal, chunkTokens: () => speed.chunkTokens(kv.batchTokens) });
  }

  /** Empties the cells and answers how many tokens they held. */
  async clear(): Promise<number> {
    const tokens = this.kv.ledger.usedTokens;
    await this.#branches.clear();
    return tokens;
  }

  async #comeBack(contextId: string, seat: Seat): Promise<void> {
    this.#take(seat);
    await this.#branches.comeBack(contextId);
  }

  /** The engine has decoded by itself for whoever sat there before, past the ledger. */
  #take(seat: Seat): void {
    this.kv.follow();
    seat.take();
    this.kv.settle();
  }
}
