import type { KvState } from "./kv-state.ts";
import { ACTIVE } from "./ledger.ts";

/** Conversations whose cells are kept aside. More cost attention time and hardly ever come back. */
const PARKED_MAX = 8;

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
    if (best === null) this.#kv.remove(ACTIVE, bestTokens, Number.POSITIVE_INFINITY);
    else await this.#kv.exchange(best.branch);
    if (own !== undefined && own === best) this.#release(own);
    const [oldest] = this.#parked;
    if (this.#parked.length > PARKED_MAX && oldest !== undefined) this.#release(oldest);
    this.#activeId = contextId;
    return best !== null && best === own ? 0 : bestTokens;
  }

  /**
   * Gives up parked conversations, the least recently used first, until the wanted tokens and so
   * many more have room. Cells that a parked one sees as well do not come free by a cut.
   */
  makeRoom(wanted: readonly number[], moreTokens: number): void {
    const { ledger } = this.#kv;
    const kept = Math.min(ledger.commonPrefix(ACTIVE, wanted), this.#kv.exactTokens());
    const needed = wanted.length + moreTokens - kept;
    while (ledger.freeTokens + ledger.ownTokens(ACTIVE, kept) < needed) {
      const [oldest] = this.#parked;
      if (oldest === undefined) return;
      this.#release(oldest);
    }
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

  #release(parked: Parked): void {
    this.#kv.drop(parked.branch);
    this.#parked = this.#parked.filter((other) => other !== parked);
  }
}
