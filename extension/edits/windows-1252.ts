/**
 * What the bytes 0x80 to 0x9F stand for; all others are their own code point. Every byte has a
 * character (the five unassigned ones their control character), so decoding loses nothing.
 */
const HIGH_CONTROLS =
  "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
  "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

const FIRST = 0x80;

/** Characters made with one call; many more would not fit the stack as arguments. */
const CODES_AT_ONCE_MAX = 8_192;

const codeOfByte = Uint16Array.from({ length: 256 }, (_, byte) =>
  byte >= FIRST && byte < FIRST + HIGH_CONTROLS.length
    ? HIGH_CONTROLS.charCodeAt(byte - FIRST)
    : byte,
);
const byteOfCharacter = new Map(Array.from(HIGH_CONTROLS, (char, index) => [char, FIRST + index]));

/** The Western encoding of old Windows files. */
export const windows1252 = {
  decode(bytes: Uint8Array): string {
    const codes = Uint16Array.from(bytes, (byte) => codeOfByte[byte]!);
    const parts: string[] = [];
    for (let start = 0; start < codes.length; start += CODES_AT_ONCE_MAX) {
      parts.push(String.fromCharCode(...codes.subarray(start, start + CODES_AT_ONCE_MAX)));
    }
    return parts.join("");
  },

  /** The bytes, or the first character that the encoding has no byte for. */
  encode(text: string): Uint8Array | { readonly missing: string } {
    const bytes = new Uint8Array(text.length);
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      const plain = code < FIRST || (code >= FIRST + HIGH_CONTROLS.length && code <= 0xff);
      const byte = plain ? code : byteOfCharacter.get(text[index]!);
      if (byte === undefined) return { missing: String.fromCodePoint(text.codePointAt(index)!) };
      bytes[index] = byte;
    }
    return bytes;
  },
};
