import { isDeepStrictEqual } from "node:util";
import type { StoreChoice, StoreConfig } from "../../protocol/store.ts";
import { Refusal } from "../refusal.ts";
import type { BlockStore, StoreOpening } from "../store/block-store.ts";
import type { StoreSettings } from "../store/store-folder.ts";
import { storePlace } from "../store/store-place.ts";

/** Different sentences for the log. Damaged blocks have names, and a broken disk has many. */
const SENTENCES_MAX = 100;

export type OpenStore = (settings: StoreSettings) => Promise<StoreOpening>;

/** Owns the store of this process: opens what is configured, and closes it in the end. */
export class StoreOwner {
  readonly #open: OpenStore;
  readonly #log: (sentence: string) => void;
  readonly #said = new Set<string>();
  #config: StoreChoice = null;
  #opening: Promise<StoreOpening> | null = null;

  constructor(open: OpenStore, log: (sentence: string) => void) {
    this.#open = open;
    this.#log = log;
  }

  /** Answers whether it is another store than before. */
  configure(config: StoreChoice): boolean {
    if (isDeepStrictEqual(config, this.#config)) return false;
    void this.#closeOld();
    this.#config = config;
    return true;
  }

  /** The store, if there is one and it can be used. Whoever needs it first opens it. */
  async current(): Promise<BlockStore | null> {
    const opening = this.#config === null ? null : await this.#opened(this.#config);
    return opening?.kind === "open" ? opening.store : null;
  }

  /** The store, or a refusal that says why there is none. */
  async require(): Promise<BlockStore> {
    if (this.#config === null) {
      throw new Refusal("storeUnavailable", "Nothing is kept on disk: the store is switched off.");
    }
    const opening = await this.#opened(this.#config);
    if (opening.kind === "open") return opening.store;
    throw new Refusal("storeUnavailable", opening.sentence);
  }

  /** Says to the log, once, what is wrong with the store. Nobody else is troubled with it. */
  readonly say = (sentence: string): void => {
    if (this.#said.size >= SENTENCES_MAX || this.#said.has(sentence)) return;
    this.#said.add(sentence);
    this.#log(sentence);
  };

  async close(): Promise<void> {
    const closed = this.#closeOld();
    this.#config = null;
    await closed;
  }

  async #opened(config: StoreConfig): Promise<StoreOpening> {
    this.#opening ??= this.#openFirst(config);
    return await this.#opening;
  }

  async #openFirst(config: StoreConfig): Promise<StoreOpening> {
    const opening = await this.#open(storePlace(config));
    if (opening.kind === "unavailable") this.say(opening.sentence);
    return opening;
  }

  async #closeOld(): Promise<void> {
    const old = this.#opening;
    this.#opening = null;
    const opening = await old;
    if (opening?.kind === "open") await opening.store.close();
  }
}
