// Byte-level BPE writes every byte as one printable character. The table is the one published with
// GPT-2 (`bytes_to_unicode`): printable Latin-1 bytes stand for themselves, and the 68 others take
// the code points from 256 upwards, in byte order. llama.cpp expects the same table.

const printableRanges: readonly (readonly [number, number])[] = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
];

function isPrintable(byte: number): boolean {
  return printableRanges.some(([first, last]) => byte >= first && byte <= last);
}

function buildTable(): readonly string[] {
  let nextCodePoint = 256;
  return Array.from({ length: 256 }, (_, byte) =>
    String.fromCodePoint(isPrintable(byte) ? byte : nextCodePoint++),
  );
}

/** The character for each byte, indexed by the byte. */
export const byteCharacters: readonly string[] = buildTable();

/** The 256 byte tokens in GPT-2's vocabulary order: printable bytes first, then the others. */
export const byteTokens: readonly string[] = [...byteCharacters].sort(
  (left, right) => left.charCodeAt(0) - right.charCodeAt(0),
);
