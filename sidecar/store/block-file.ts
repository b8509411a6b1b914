import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { type Block, type BlockKind, chainHash } from "./block-chain.ts";
import { Checksum, CHECKSUM_BYTES } from "./checksum.ts";

/**
 * A block or a state on disk: the engine's own state of the cells, which it reads back from the
 * front of the file, and behind it what makes the file speak for itself. That is the ids, then
 * parent, hash, first position, number of ids, bytes of the state, checksum of all before it, mark.
 */
const MARKS = { block: Buffer.from("KVBLOCK1"), state: Buffer.from("KVSTATE1") };
const MARK_BYTES = 8;
const HASH_BYTES = 32;
const ID_BYTES = 4;
const FIELDS_BYTES = 2 * HASH_BYTES + 4 + 4 + 8;
const TRAILER_BYTES = FIELDS_BYTES + CHECKSUM_BYTES + MARK_BYTES;
/** Ids that a file can claim to hold; more is damage. */
const IDS_MAX = 1 << 22;

/** Parts of this size stay in the processor's cache between reading and summing. */
const PART_BYTES = 1 << 20;
const part = Buffer.alloc(PART_BYTES);

export type Damage = "missing" | "unreadable" | "incomplete" | "altered" | "swapped";

export type FileOutcome =
  | { readonly kind: "usable"; readonly block: Block; readonly bytes: number }
  | { readonly kind: "unusable"; readonly damage: Damage };

type Footer = {
  readonly block: Block;
  readonly bytes: number;
  readonly checksum: Buffer;
};

/**
 * Completes a file that holds a block's state, and has it on the disk when it returns. Answers its
 * bytes, or `null` when the disk has not taken all: the engine does not notice everything itself.
 */
export function sealBlockFile(path: string, block: Block, stateBytes: number): number | null {
  let file: number | null = null;
  try {
    file = openSync(path, "r+");
    if (fstatSync(file).size !== stateBytes) return null;
    const footer = footerOf(block, stateBytes);
    const checksum = new Checksum(block.hash);
    addAll(checksum, file, stateBytes);
    checksum.add(footer);
    writeAll(file, Buffer.concat([footer, checksum.digest(), MARKS[block.kind]]), stateBytes);
    fsyncSync(file);
    return stateBytes + footer.length + CHECKSUM_BYTES + MARK_BYTES;
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** Reads all of a file and tells whether it is what it was when it was sealed. */
export function checkBlockFile(path: string, hash: string): FileOutcome {
  return withFile(path, (file) => {
    const footer = readFooter(file);
    if (typeof footer === "string") return { kind: "unusable", damage: footer };
    if (footer.block.hash !== hash) return { kind: "unusable", damage: "swapped" };
    const { block, bytes } = footer;
    const checksum = new Checksum(hash);
    const summed = bytes - CHECKSUM_BYTES - MARK_BYTES;
    const whole = addAll(checksum, file, summed) && checksum.digest().equals(footer.checksum);
    return whole ? { kind: "usable", block, bytes } : { kind: "unusable", damage: "altered" };
  });
}

/** What a file says it is, without its state being read. The ids are proven by the hash. */
export function describeBlockFile(path: string): FileOutcome {
  return withFile(path, (file) => {
    const footer = readFooter(file);
    return typeof footer === "string"
      ? { kind: "unusable", damage: footer }
      : { kind: "usable", block: footer.block, bytes: footer.bytes };
  });
}

function withFile(path: string, work: (file: number) => FileOutcome): FileOutcome {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    return work(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
    return { kind: "unusable", damage: missing ? "missing" : "unreadable" };
  } finally {
    if (file !== null) closeSync(file);
  }
}

function footerOf({ hash, parent, from, tokens }: Block, stateBytes: number): Buffer {
  const fields = Buffer.alloc(FIELDS_BYTES);
  fields.write(parent, 0, "hex");
  fields.write(hash, HASH_BYTES, "hex");
  const at = fields.writeUInt32LE(from, 2 * HASH_BYTES);
  fields.writeUInt32LE(tokens.length, at);
  fields.writeBigUInt64LE(BigInt(stateBytes), at + ID_BYTES);
  const ids = Buffer.alloc(tokens.length * ID_BYTES);
  tokens.forEach((token, index) => ids.writeInt32LE(token, index * ID_BYTES));
  return Buffer.concat([ids, fields]);
}

function readFooter(file: number): Footer | Damage {
  const { size: bytes } = fstatSync(file);
  if (bytes < TRAILER_BYTES) return "incomplete";
  const trailer = readAt(file, bytes - TRAILER_BYTES, TRAILER_BYTES);
  const kind = trailer === null ? null : kindOf(trailer.subarray(-MARK_BYTES));
  if (trailer === null || kind === null) return "incomplete";
  const parent = trailer.toString("hex", 0, HASH_BYTES);
  const hash = trailer.toString("hex", HASH_BYTES, 2 * HASH_BYTES);
  const from = trailer.readUInt32LE(2 * HASH_BYTES);
  const count = trailer.readUInt32LE(2 * HASH_BYTES + 4);
  const stateBytes = Number(trailer.readBigUInt64LE(2 * HASH_BYTES + 8));
  if (count > IDS_MAX || stateBytes + count * ID_BYTES + TRAILER_BYTES !== bytes) return "altered";
  const ids = readAt(file, stateBytes, count * ID_BYTES);
  if (ids === null) return "incomplete";
  // Not one by one: the first restore of a process would wait for the compiler.
  const tokens = Array.from(new Int32Array(ids.buffer, ids.byteOffset, count));
  if (chainHash(parent, tokens) !== hash) return "altered";
  const checksum = trailer.subarray(FIELDS_BYTES, FIELDS_BYTES + CHECKSUM_BYTES);
  return { block: { kind, hash, parent, from, tokens }, bytes, checksum };
}

function kindOf(mark: Buffer): BlockKind | null {
  if (mark.equals(MARKS.block)) return "block";
  return mark.equals(MARKS.state) ? "state" : null;
}

function readAt(file: number, position: number, bytes: number): Buffer | null {
  const buffer = Buffer.alloc(bytes);
  return readSync(file, buffer, 0, bytes, position) === bytes ? buffer : null;
}

/** Adds the first bytes of a file. Answers whether there were so many. */
function addAll(checksum: Checksum, file: number, bytes: number): boolean {
  for (let position = 0; position < bytes;) {
    const read = readSync(file, part, 0, Math.min(PART_BYTES, bytes - position), position);
    if (read === 0) return false;
    checksum.add(part.subarray(0, read));
    position += read;
  }
  return true;
}

function writeAll(file: number, data: Buffer, position: number): void {
  for (let written = 0; written < data.length;) {
    written += writeSync(file, data, written, data.length - written, position + written);
  }
}
