import { join } from "node:path";
import { expect } from "vitest";
import type { Reuse } from "../../protocol/generate.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { writeBlock } from "../../sidecar/store/write-block.ts";
import { Residence } from "../../sidecar/turn/residence.ts";
import { probe, tokens } from "./exactness.ts";

export const TEXT_TOKENS_MAX = 440;
export const CONTEXTS = ["a", "b", "c"];

export type Operation = {
  readonly context: number;
  readonly reuse: Reuse;
  readonly cancelAfter: number | null;
  readonly act:
    | {
        readonly kind: "edit";
        readonly at: number;
        readonly remove: number;
        readonly insert: number;
        readonly seed: number;
      }
    | { readonly kind: "fork"; readonly from: number; readonly keep: number; readonly seed: number }
    | { readonly kind: "switch" }
    | { readonly kind: "fold" }
    | { readonly kind: "save"; readonly from: number; readonly length: number };
};

/** Three conversations on one engine. */
export class World {
  readonly #engine: Engine;
  readonly #folder: string;
  readonly #residence: Residence;
  readonly #texts: number[][] = CONTEXTS.map((_, at) => tokens(60 + at * 40, at + 1));

  constructor(engine: Engine, folder: string) {
    this.#engine = engine;
    this.#folder = folder;
    this.#residence = new Residence(engine);
  }

  async perform({ context, act, reuse, cancelAfter }: Operation): Promise<void> {
    if (act.kind === "fold") {
      if (this.#residence.kv.canMove) await this.#residence.fold(signalAfter(cancelAfter ?? 99));
      return this.#check();
    }
    if (act.kind === "save") {
      await this.#save(act.from, act.length);
      return this.#check();
    }
    if (act.kind === "edit") {
      const { at, remove, insert, seed } = act;
      this.#texts[context] = limited(
        this.#texts[context]!.toSpliced(at, remove, ...tokens(insert, seed + 10)),
      );
    }
    if (act.kind === "fork") {
      const { from, keep, seed } = act;
      this.#texts[context] = limited([
        ...this.#texts[from]!.slice(0, keep),
        ...tokens(30, seed + 200),
      ]);
    }
    await this.#occupy(context, reuse, signalAfter(cancelAfter ?? Number.POSITIVE_INFINITY));
  }

  /** Each text with the state that its conversation has in exact mode. */
  async exactStates(): Promise<[number[], ReadonlyMap<number, number>][]> {
    const states: [number[], ReadonlyMap<number, number>][] = [];
    for (const [context, text] of this.#texts.entries()) {
      await this.#occupy(context, "exact", signalAfter(Number.POSITIVE_INFINITY));
      const { kv } = this.#residence;
      // What stands behind a text that is resident stays there.
      await kv.trim(text.length);
      if (kv.resident().length < text.length) await decodeRest(this.#residence, text);
      states.push([text, await probe(this.#engine)]);
      kv.follow();
    }
    return states;
  }

  async clear(): Promise<void> {
    await this.#residence.clear();
    expect(this.#residence.kv.ledger.usedTokens).toBe(0);
  }

  async #occupy(context: number, reuse: Reuse, signal: AbortSignal): Promise<void> {
    const wanted = this.#texts[context]!;
    const contextId = CONTEXTS[context]!;
    const { complete } = await this.#residence.occupy({
      contextId,
      wanted,
      reuse,
      signal,
      leave: 0,
      healTokens: context * 4,
      room: { sureTokens: 1, mostTokens: 16 },
      checkpointsAt: [64, 160, 256, 352].filter((at) => at < wanted.length),
      sharing: undefined,
      onProgress: () => undefined,
    });
    this.#residence.leave(contextId);
    const resident = this.#residence.kv.resident().slice(0, wanted.length);
    expect(resident).toEqual(wanted.slice(0, resident.length));
    if (complete) expect(resident).toHaveLength(wanted.length);
    this.#check();
  }

  /** Saves what is in place, if it may be saved; a state also comes back from its file. */
  async #save(from: number, length: number): Promise<void> {
    const { kv } = this.#residence;
    const files = this.#engine.cellFiles;
    const resident = [...kv.resident()];
    if (files === undefined || from >= resident.length) return;
    const block = resident.slice(0, from + length);
    const stale = kv.exactTokens() < block.length;
    const path = join(this.#folder, "block");
    if (files.kind === "blocks") {
      const { kind } = await writeBlock({ kv, files }, path, block, { branch: 0, from });
      if (stale) expect(kind).toBe("unsettled");
    } else {
      expect(await files.save(path)).toBeLessThanOrEqual(files.bytesMax());
      await kv.trim(0);
      expect(await files.load(path, resident)).toBe(true);
      kv.follow();
    }
    expect(kv.resident()).toEqual(resident);
  }

  #check(): void {
    const { kv } = this.#residence;
    expect(kv.disagreement(kv.canMove ? [0] : [])).toBeNull();
    expect(kv.ledger.usedTokens).toBeLessThanOrEqual(kv.ledger.cellsTokens);
  }
}

async function decodeRest(residence: Residence, text: readonly number[]): Promise<void> {
  await residence.kv.decode(text.slice(residence.kv.resident().length));
}

function limited(text: readonly number[]): number[] {
  return text.length === 0 ? tokens(1, 1) : text.slice(0, TEXT_TOKENS_MAX);
}

/** Lets so many looks at it pass: one before each chunk. */
function signalAfter(looks: number): AbortSignal {
  let left = looks;
  return {
    get aborted() {
      return left-- <= 0;
    },
  } as AbortSignal;
}
