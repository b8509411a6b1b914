import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/**
 * The heads of LMDB's two first pages, of which the newer one counts: mark, page size, last page in
 * use, number of the transaction that wrote it. Offsets of the pinned version.
 */
const HEAD_BYTES = 160;
const MARK_AT = 24;
const MARK = 0xbeefc0de;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
const TRANSACTION_AT = 152;
const PAGE_BYTES_MIN = 512;

/**
 * Whether a file can be an index and is as long as it says. The database maps the file into memory:
 * one that was cut off or overwritten would end the process, which no caller could catch.
 */
export function isIndexWhole(path: string): boolean {
  let file: number | null = null;
  try {
    file = openSync(path, "r");
    if (fstatSync(file).size === 0) return true;
    const first = readHead(file, 0);
    const second = first === null ? null : readHead(file, first.pageBytes);
    if (first === null || second === null) return false;
    const newer = first.transaction > second.transaction ? first : second;
    // Read after the heads: a process that makes the file longer does so before it says so.
    return BigInt(fstatSync(file).size) >= (newer.lastPage + 1n) * BigInt(newer.pageBytes);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  } finally {
    if (file !== null) closeSync(file);
  }
}

type Head = {
  readonly pageBytes: number;
  readonly lastPage: bigint;
  readonly transaction: bigint;
};

function readHead(file: number, position: number): Head | null {
  const head = Buffer.alloc(HEAD_BYTES);
  if (readSync(file, head, 0, HEAD_BYTES, position) < HEAD_BYTES) return null;
  const pageBytes = head.readUInt32LE(PAGE_SIZE_AT);
  if (head.readUInt32LE(MARK_AT) !== MARK || pageBytes < PAGE_BYTES_MIN) return null;
  return {
    pageBytes,
    lastPage: head.readBigUInt64LE(LAST_PAGE_AT),
    transaction: head.readBigUInt64LE(TRANSACTION_AT),
  };
}
