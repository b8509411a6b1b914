import type { Token } from "node-llama-cpp";
import type { CellFiles, CellFormat } from "../engine.ts";
import { cellFormatOf } from "./cell-format.ts";
import {
  type NativeContext,
  nativeContext,
  residentTokens,
  setResidentTokens,
} from "./internals.ts";
import type { Seats } from "./seats.ts";

const ACTIVE = 0;
/** Beyond the branches of the ledger, which never sees it: empty before and after every call. */
const SCRATCH = 255;

/** Compared as bytes, because a loop over ids would have the first restore wait for the compiler. */
function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Cells in llama.cpp's own form of a sequence's state. Only sequence 0 can be written. */
export class LlamaCellFiles implements CellFiles {
  readonly kind = "blocks";
  readonly format: CellFormat;
  readonly #seats: Seats;
  readonly #native: NativeContext;

  constructor(seats: Seats) {
    const { context } = seats.current;
    this.#seats = seats;
    this.#native = nativeContext(context);
    this.format = cellFormatOf(context);
  }

  async save(path: string, tokens: readonly number[]): Promise<number> {
    return await this.#native.saveSequenceStateToFile(path, ACTIVE, Uint32Array.from(tokens));
  }

  async append(path: string, tokens: readonly number[]): Promise<boolean> {
    const resident = residentTokens(this.#seats.current);
    try {
      if (!(await this.#load(path, tokens, resident.length))) return false;
      await this.#native.copySequenceStateFromOtherSequence(ACTIVE, SCRATCH);
    } finally {
      this.#native.disposeSequence(SCRATCH);
    }
    // What the engine holds counts, not what was asked of it.
    const end = resident.length + tokens.length;
    if (this.#native.getSequenceKvCacheMaxPosition(ACTIVE) !== end - 1) {
      this.#native.removeTokenCellsFromSequence(ACTIVE, resident.length, -1);
      return false;
    }
    setResidentTokens(this.#seats.current, [...resident, ...(tokens as Token[])]);
    return true;
  }

  /** Reads a file into the scratch sequence. Answers whether it is the run that follows. */
  async #load(path: string, tokens: readonly number[], from: number): Promise<boolean> {
    let loaded: Uint32Array;
    try {
      loaded = await this.#native.loadSequenceStateFromFile(path, SCRATCH, tokens.length);
    } catch {
      // No room in the cells, or a file that another engine wrote or that has just been deleted.
      return false;
    }
    return (
      Buffer.compare(bytesOf(loaded), bytesOf(Uint32Array.from(tokens))) === 0 &&
      this.#native.getSequenceKvCacheMinPosition(SCRATCH) === from &&
      this.#native.getSequenceKvCacheMaxPosition(SCRATCH) === from + tokens.length - 1
    );
  }
}
