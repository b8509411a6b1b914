import type { Token } from "node-llama-cpp";
import type { CellFormat, StateFiles } from "../engine.ts";
import { cellFormatOf } from "./cell-format.ts";
import {
  type NativeContext,
  nativeContext,
  removeCells,
  residentTokens,
  setResidentTokens,
} from "./internals.ts";
import type { Seats } from "./seats.ts";

/** The only sequence that there is: llama.cpp asserts on others where cells cannot be moved. */
const ACTIVE = 0;
/** What a file holds besides the state: an id a token, and a head. */
const ID_BYTES = 4;
const HEAD_BYTES = 64;

/**
 * The whole state of sequence 0 in llama.cpp's own form: the present state of recurrent layers, the
 * last cells of windowed ones and all cells of the others.
 */
export class LlamaStateFiles implements StateFiles {
  readonly kind = "state";
  readonly format: CellFormat;
  readonly #seats: Seats;
  readonly #native: NativeContext;

  constructor(seats: Seats) {
    const { context } = seats.current;
    this.#seats = seats;
    this.#native = nativeContext(context);
    this.format = cellFormatOf(context);
  }

  bytesMax(): number {
    const { length } = residentTokens(this.#seats.current);
    return this.#native.getStateSize() + length * ID_BYTES + HEAD_BYTES;
  }

  async save(path: string): Promise<number> {
    const tokens = Uint32Array.from(residentTokens(this.#seats.current));
    return await this.#native.saveSequenceStateToFile(path, ACTIVE, tokens);
  }

  async load(path: string, tokens: readonly number[]): Promise<boolean> {
    const sequence = this.#seats.current;
    // The library forgets its kept states with it, which were those of another text.
    await removeCells(sequence, 0);
    if (await this.#loadIntoEmpty(path, tokens)) {
      setResidentTokens(sequence, [...(tokens as Token[])]);
      return true;
    }
    this.#native.disposeSequence(ACTIVE);
    setResidentTokens(sequence, []);
    return false;
  }

  /** Answers whether the engine holds what was asked of it, and can go on behind it. */
  async #loadIntoEmpty(path: string, tokens: readonly number[]): Promise<boolean> {
    let loaded: Uint32Array;
    try {
      loaded = await this.#native.loadSequenceStateFromFile(path, ACTIVE, tokens.length);
    } catch {
      // No room in the cells, or a file that another engine wrote or that has just been deleted.
      return false;
    }
    const last = tokens.length - 1;
    const cuttable = this.#native.getSequenceKvCacheMinPosition(ACTIVE);
    return (
      loaded.length === tokens.length &&
      tokens.every((token, index) => loaded[index] === token) &&
      this.#native.getSequenceKvCacheMaxPosition(ACTIVE) === last &&
      // A window that has lost cells says a later position, at which nothing could go on.
      cuttable >= 0 &&
      cuttable <= last
    );
  }
}
