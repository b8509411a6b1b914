import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  decodeTextFile,
  encodeTextFile,
  TEXT_FILE_BYTES_MAX,
  UnencodableText,
  type TextFile,
} from "./text-file.ts";

function decoded(bytes: Uint8Array): TextFile {
  const outcome = decodeTextFile(bytes);
  if (outcome.kind === "refused") throw new Error(outcome.sentence);
  return outcome.file;
}

const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const utf16le = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
const utf16be = (text: string) => new Uint8Array(Buffer.from(text, "utf16le").swap16());
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

describe("decoding a file", () => {
  it.each([
    ["UTF-8", utf8("é 🦊\n"), { text: "é 🦊\n", eol: "\n", bom: false, encoding: "utf8" }],
    [
      "UTF-8 with a mark",
      utf8("\ufeffa\r\n"),
      { text: "a\n", eol: "\r\n", bom: true, encoding: "utf8" },
    ],
    [
      "UTF-16 LE",
      utf16le("\ufeffé\r\n"),
      { text: "é\n", eol: "\r\n", bom: true, encoding: "utf16le" },
    ],
    ["UTF-16 BE", utf16be("\ufeffa\r"), { text: "a\n", eol: "\r", bom: true, encoding: "utf16be" }],
    [
      "UTF-16 LE without a mark",
      utf16le("abc\n"),
      { text: "abc\n", eol: "\n", bom: false, encoding: "utf16le" },
    ],
    [
      "UTF-16 BE without a mark",
      utf16be("abc\n"),
      { text: "abc\n", eol: "\n", bom: false, encoding: "utf16be" },
    ],
    [
      "Windows 1252",
      latin1("caf\xe9 \x80\n"),
      { text: "café €\n", eol: "\n", bom: false, encoding: "windows1252" },
    ],
    ["an empty file", utf8(""), { text: "", eol: "\n", bom: false, encoding: "utf8" }],
    [
      "mixed line ends",
      utf8("a\nb\r\nc"),
      { text: "a\nb\nc", eol: "mixed", lineEnds: ["\n", "\r\n"] },
    ],
  ])("knows %s", (_, bytes, file) => {
    expect(decoded(bytes)).toMatchObject(file);
  });

  it.each([
    ["zero bytes", utf8("a\0b"), "binary"],
    ["small numbers of two bytes", new Uint8Array([1, 0, 2, 0, 3, 0, 4, 0]), "binary"],
    ["control characters among bytes that are no UTF-8", latin1("\x89PNG\x01\x02\xff"), "binary"],
    ["half of a UTF-16 character", new Uint8Array([0xff, 0xfe, 0x41]), "encoding"],
    ["half of a surrogate pair", new Uint8Array([0xff, 0xfe, 0x3e, 0xd8]), "encoding"],
    ["a mark of UTF-8 before something else", new Uint8Array([0xef, 0xbb, 0xbf, 0xe9]), "encoding"],
    ["a mark of UTF-32", new Uint8Array([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]), "encoding"],
    ["UTF-8 that is damaged", new Uint8Array([...utf8("für Öl"), 0xe9, 0x20]), "encoding"],
    ["too many bytes", new Uint8Array(TEXT_FILE_BYTES_MAX + 1).fill(0x61), "tooLarge"],
  ] as const)("refuses %s", (_, bytes, reason) => {
    const outcome = decodeTextFile(bytes);
    expect(outcome).toMatchObject({ kind: "refused", reason });
    expect(outcome.kind === "refused" && outcome.sentence).toMatch(/^The file .+\.$/);
  });
});

describe("encoding a text", () => {
  it("gives an unchanged file back byte for byte", () => {
    const pieces = ["\n", "\r\n", "\r", "a", "é", "🦊", "\ufeff", " ", "\u2028", "e\u0301"];
    const text = fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join(""));
    const bytes = fc.oneof(
      text.map(utf8),
      text.map((content) => utf8(`\ufeff${content}`)),
      text.map((content) => utf16le(`\ufeff${content}`)),
      text.map((content) => utf16be(`\ufeff${content}`)),
      fc.uint8Array({ min: 0x20 }),
      fc.uint8Array(),
    );
    let texts = 0;
    fc.assert(
      fc.property(bytes, (before) => {
        const outcome = decodeTextFile(before);
        if (outcome.kind === "refused") return;
        texts++;
        expect(outcome.file.text).not.toContain("\r");
        expect(encodeTextFile(outcome.file.text, outcome.file)).toEqual(before);
      }),
      { numRuns: 500 },
    );
    expect(texts).toBeGreaterThan(100);
  });

  it("gives every byte above the control characters back in Windows 1252", () => {
    const before = Uint8Array.from({ length: 224 }, (_, index) => index + 0x20).with(0x5f, 0x41);
    expect(encodeTextFile(decoded(before).text, decoded(before))).toEqual(before);
    expect(decoded(before).encoding).toBe("windows1252");
  });

  it.each([
    ["CRLF", utf8("a\r\nb\r\n"), "a\nc\nd\n", utf8("a\r\nc\r\nd\r\n")],
    ["a byte order mark", utf8("\ufeffa\n"), "b\n", utf8("\ufeffb\n")],
    ["UTF-16 LE", utf16le("\ufeffa\n"), "ä\n", utf16le("\ufeffä\n")],
    ["UTF-16 BE", utf16be("\ufeffa\n"), "ä\n", utf16be("\ufeffä\n")],
    ["Windows 1252", latin1("\xe9\n"), "é€ÿ\n", latin1("\xe9\x80\xff\n")],
  ])("keeps %s in a changed text", (_, before, text, after) => {
    expect(encodeTextFile(text, decoded(before))).toEqual(after);
  });

  it("doubles no carriage returns that the new text brings", () => {
    expect(encodeTextFile("a\r\nb\r\n", decoded(utf8("a\r\n")))).toEqual(utf8("a\r\nb\r\n"));
    expect(encodeTextFile("a\r\nb\r\n", decoded(utf8("a\n")))).toEqual(utf8("a\nb\n"));
  });

  it("leaves untouched lines their own ends where they are mixed", () => {
    const before = decoded(utf8("a\r\nb\nc\rd\r\n"));
    expect(encodeTextFile("a\nc\nX\nd\n", before)).toEqual(utf8("a\r\nc\rX\rd\r\n"));
    expect(encodeTextFile("Y\na\nB\nc\nd\n", before)).toEqual(utf8("Y\r\na\r\nB\nc\rd\r\n"));
  });

  it("refuses what the encoding has no bytes for, and says what", () => {
    const encode = () => encodeTextFile("→", decoded(latin1("\xe9")));
    expect(encode).toThrow(UnencodableText);
    expect(encode).toThrow("The file is encoded as windows1252, which has no “→”; leave it out.");
    expect(() => encodeTextFile("\ud83e", decoded(utf8("a")))).toThrow(UnencodableText);
  });
});
