import type { KvState } from "./kv-state.ts";
import { ACTIVE } from "./ledger.ts";

/** Conversations whose cells are kept aside: more hardly ever come back. */
const PARKED_MAX = 8;
/**
 * Share of all cells that parked conversations may hold beside the active one. On a CPU, each token
 * that is decoded looks at their cells too, so they may not become many more than its own. A third
 * is what is allocated beyond the window. The newest of them stays in any case: to change back and forth
 * between two long ones is dearer than any attention.
 */
const PARKED_SHARE_MAX = 1 / 3;

/** A conversation and the branch that holds its cells. */
export type Held = Parked;

type Parked = { readonly contextId: string; readonly branch: number };

/**
 * Which conversation the active branch holds and which ones wait aside. A prompt continues on the
 * branch that holds most of it; cells that two conversations share exist once.
 */
export class Branches {
  readonly #kv: KvState;
  #activeId: string | null = null;
  /** The least recently used comes first. */
  #parked: readonly Parked[] = [];
  /** Conversations in the middle of a turn, and how many tokens each may come to. */
  readonly #running = new Map<string, number>();

  constructor(kv: KvState) {
    this.#kv = kv;
  }

  /**
   * Makes the branch active on which most of the wanted tokens are resident. Answers how many of
   * them come from another conversation.
   */
  async activate(contextId: string, wanted: readonly number[]): Promise<number> {
    if (!this.#kv.canMove) {
      this.#activeId = contextId;
      return 0;
    }
    const own = this.#parked.find((parked) => parked.contextId === contextId);
    const { ledger } = this.#kv;
    const here = ledger.commonPrefix(ACTIVE, wanted);
    let best: Parked | null = null;
    let bestTokens = here;
    for (const parked of this.#parked) {
      const tokens = ledger.commonPrefix(parked.branch, wanted);
      if (tokens > bestTokens) [best, bestTokens] = [parked, tokens];
    }
    const stays = best === null && (this.#activeId === contextId || this.#activeId === null);
    if (stays) {
      this.#activeId = contextId;
      return 0;
    }
    if (own !== undefined && own !== best) this.#release(own);
    if (this.#activeId !== contextId) await this.#park();
    if (best === null) {
      const end = ledger.endOf(ACTIVE, bestTokens);
      this.#kv.remove(ACTIVE, end, Number.POSITIVE_INFINITY);
    } else if (best === own) await this.#takeOver(best);
    else await this.#kv.exchange(best.branch);
    const [oldest] = this.#idle();
    if (this.#parked.length > PARKED_MAX && oldest !== undefined) this.#release(oldest);
    this.#activeId = contextId;
    return best !== null && best === own ? 0 : bestTokens;
  }

  /** All conversations with cells: the active one, then the others, those used last first. */
  get held(): readonly Held[] {
    const waiting = this.#parked.toReversed();
    const contextId = this.#activeId;
    return contextId === null ? waiting : [{ contextId, branch: ACTIVE }, ...waiting];
  }

  /** The conversation that the active branch holds. */
  get activeId(): string | null {
    return this.#activeId;
  }

  /**
   * Gives up parked conversations, the least recently used first, until the wanted tokens and so
   * many more have room and the parked ones are not too many. Cells that a parked one sees as well
   * do not come free by a cut. What a conversation in the middle of a turn has or may still need is
   * never touched, nor are other branches, such as the runs of a splice. Answers whether there is
   * room.
   */
  makeRoom(wanted: readonly number[], moreTokens: number): boolean {
    const { ledger } = this.#kv;
    const kept = Math.min(ledger.commonPrefix(ACTIVE, wanted), this.#kv.exactTokens());
    const needed = wanted.length + moreTokens - kept + this.#promisedTokens();
    const hasRoom = (): boolean => ledger.freeTokens + ledger.ownTokens(ACTIVE, kept) >= needed;
    for (const oldest of this.#idle()) {
      if (hasRoom() && !this.#isCrowded()) return true;
      this.#release(oldest);
    }
    return hasRoom();
  }

  /** From now on the active conversation is in the middle of a turn that may take so many tokens. */
  begin(contextId: string, tokensMax: number): void {
    this.#running.set(contextId, tokensMax);
  }

  end(contextId: string): void {
    this.#running.delete(contextId);
  }

  /** Makes a conversation active again that stood aside in the middle of its turn. */
  async comeBack(contextId: string): Promise<void> {
    if (this.#activeId === contextId) return;
    await this.#park();
    const own = this.#parked.find((parked) => parked.contextId === contextId);
    if (own === undefined) this.#kv.remove(ACTIVE, 0, Number.POSITIVE_INFINITY);
    else await this.#takeOver(own);
    this.#activeId = contextId;
  }

  /** Parked conversations that may be given up. */
  #idle(): readonly Parked[] {
    return this.#parked.filter(({ contextId }) => !this.#running.has(contextId));
  }

  /** Cells that other conversations in the middle of a turn have not taken yet. */
  #promisedTokens(): number {
    let promised = 0;
    for (const [contextId, tokensMax] of this.#running) {
      if (contextId === this.#activeId) continue;
      // One that stood aside before its first decode holds nothing yet.
      const parked = this.#parked.find((other) => other.contextId === contextId);
      const held = parked === undefined ? 0 : this.#kv.ledger.lengthOf(parked.branch);
      promised += Math.max(0, tokensMax - held);
    }
    return promised;
  }

  #isCrowded(): boolean {
    const { ledger } = this.#kv;
    const parkedTokens = ledger.usedTokens - ledger.lengthOf(ACTIVE);
    return this.#idle().length > 1 && parkedTokens > ledger.cellsTokens * PARKED_SHARE_MAX;
  }

  /** Empties everything. */
  async clear(): Promise<void> {
    for (const parked of this.#parked) this.#release(parked);
    await this.#kv.trim(0);
    this.#activeId = null;
  }

  async #park(): Promise<void> {
    if (this.#activeId === null || this.#kv.resident().length === 0) return;
    const branch = await this.#kv.park(ACTIVE);
    this.#parked = [...this.#parked, { contextId: this.#activeId, branch }];
  }

  async #takeOver(parked: Parked): Promise<void> {
    await this.#kv.takeOver(parked.branch);
    this.#forget(parked);
  }

  #release(parked: Parked): void {
    this.#kv.drop(parked.branch);
    this.#forget(parked);
  }

  #forget(parked: Parked): void {
    this.#parked = this.#parked.filter((other) => other !== parked);
  }
}
