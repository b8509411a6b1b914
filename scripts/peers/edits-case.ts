import { editCase, EDIT_KINDS } from "../../cli/bench/kv/edits.ts";
import type { EditKind } from "../../cli/bench/kv/messages.ts";
import { RandomText } from "../../cli/bench/kv/random-text.ts";
import type { Reading } from "./peer.ts";
import type { Contenders, PeersCase } from "./peers-case.ts";
import { peersRow, type Readings } from "./peers-row.ts";
import type { PeersRow } from "./report.ts";

const CONTEXTS = [2048, 4096, 8192];
const CONTEXTS_QUICK = [4096];
const REPETITIONS = 5;
const REPETITIONS_QUICK = 3;
const DEPTH = 0.5;
/** Its allocation is 16,384 cells. */
const WINDOW_TOKENS = 10_752;
const SEED = 20_262;
/** Ids that every vocabulary has, and that are text in those of the generated models. */
const VOCABULARY = 8000;

const repetitionsOf = (quick: boolean): number => (quick ? REPETITIONS_QUICK : REPETITIONS);

export const editsCase: PeersCase = {
  name: "edits",
  title: "An edit in the middle of the context",
  about:
    "A context is resident and is changed at half of its length (*append*: at its end): how many " +
    "tokens are evaluated, and how long does the first token of the answer take? *Replace* puts 140 " +
    "tokens in the place of 100, *replace-same* 100 in the place of 100, *insert* and *append* add " +
    "60, *delete* takes 100 away, *two-regions* replaces twice. *Kvasir, splice* keeps what stands " +
    "behind the change, which is approximate; *Kvasir, exact* is its default and computes that anew.",
  windowTokens: WINDOW_TOKENS,
  repetitions: repetitionsOf,
  async *rows(contenders, quick) {
    const edits = new Edits(contenders);
    for (const contextTokens of quick ? CONTEXTS_QUICK : CONTEXTS) {
      // The first edit at a length settles chunk sizes and buffers, and is not counted.
      await edits.measure("replace", contextTokens, 1);
      for (const edit of EDIT_KINDS) {
        yield await edits.measure(edit, contextTokens, repetitionsOf(quick));
      }
    }
  },
};

/**
 * The same edits for all contenders, one computing at a time. Each edit is made to what the one
 * before it left, brought back to the wanted length, so that no prompt ever comes twice: a peer that
 * stores past prompts would otherwise only have to look it up.
 */
class Edits {
  readonly #contenders: Contenders;
  readonly #random = new RandomText(SEED, VOCABULARY);
  #resident: readonly number[] = [];

  constructor(contenders: Contenders) {
    this.#contenders = contenders;
  }

  async measure(edit: EditKind, contextTokens: number, repetitions: number): Promise<PeersRow> {
    const ours: Reading[] = [];
    const oursExact: Reading[] = [];
    const peers = new Map(
      [...this.#contenders.peers.keys()].map((name) => [name, [] as Reading[]]),
    );
    let promptTokens = 0;
    for (let again = 0; again < repetitions; again++) {
      const base = this.#cut(contextTokens);
      const { edited } = editCase(edit, DEPTH, base, this.#random);
      ours.push(await this.#spliced(base, edited));
      for (const [name, peer] of this.#contenders.peers) {
        await peer.firstToken(base);
        peers.get(name)?.push(await peer.firstToken(edited));
      }
      oursExact.push(await this.#exact(base, edited));
      this.#resident = edited;
      promptTokens = edited.length;
    }
    const readings: Readings = { ours, oursExact, peers };
    return peersRow({ case: `edits/${edit}`, contextTokens, promptTokens }, readings);
  }

  async #spliced(base: readonly number[], edited: readonly number[]): Promise<Reading> {
    const { ours } = this.#contenders;
    await ours.firstToken(base, "exact");
    return await ours.firstToken(edited, "splice");
  }

  /** Comes after the splice, so what that made is taken away first: all behind the common prefix. */
  async #exact(base: readonly number[], edited: readonly number[]): Promise<Reading> {
    const { ours } = this.#contenders;
    const change = edited.findIndex((token, index) => token !== base[index]);
    await ours.firstToken(edited.slice(0, change), "exact");
    return await ours.firstToken(edited, "exact");
  }

  /** What is resident at the wanted length. */
  #cut(length: number): readonly number[] {
    const kept = this.#resident.slice(0, length);
    return [...kept, ...this.#random.take(length - kept.length)];
  }
}
