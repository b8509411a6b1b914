import { Branches } from "./branches.ts";
import { KvState } from "./kv-state.ts";
import { ACTIVE, BRANCHES_MAX } from "./ledger.ts";
import { ValuedCells } from "./valued-cells.test-support.ts";

export const ALL_BRANCHES = Array.from({ length: BRANCHES_MAX }, (_, branch) => branch);

type Turn = { readonly reused: number; readonly forked: number; readonly prefilled: number };

/** Conversations that take turns on one state, each prompt reusing what is in front. */
export class Turns {
  readonly cells: ValuedCells;
  readonly kv: KvState;
  readonly branches: Branches;

  constructor(options: ConstructorParameters<typeof ValuedCells>[0] = {}) {
    this.cells = new ValuedCells({ batchTokens: 1000, ...options });
    this.kv = new KvState(this.cells, this.cells.cellsTokens);
    this.branches = new Branches(this.kv);
  }

  async turn(contextId: string, wanted: readonly number[], answerTokens = 0): Promise<Turn> {
    const forked = await this.branches.activate(contextId, wanted);
    this.branches.makeRoom(wanted, answerTokens);
    const resident = this.kv.resident();
    const differs = wanted.findIndex((token, index) => token !== resident[index]);
    const common = differs < 0 ? wanted.length : differs;
    const reused = common < resident.length ? await this.kv.trim(common) : common;
    if (reused < wanted.length) await this.kv.decode(wanted.slice(reused));
    if (this.kv.resident().join() !== wanted.join()) throw new Error("Something else is resident.");
    return { reused, forked, prefilled: wanted.length - reused };
  }

  /** Cells that only parked conversations see. */
  get parkedTokens(): number {
    const { ledger } = this.kv;
    return ledger.usedTokens - ledger.lengthOf(ACTIVE);
  }

  get parked(): number {
    return BRANCHES_MAX - 1 - this.kv.freeBranches;
  }
}

function counting(length: number, from: number): number[] {
  return Array.from({ length }, (_, index) => from + index);
}

/** A conversation that shares nothing with one of another number. */
export function talk(number: number, length = 10): number[] {
  return counting(length, 1000 * (number + 1));
}
