import { putLineEnds, takeLineEnds, type LineEnd } from "./line-ends.ts";
import { windows1252 } from "./windows-1252.ts";

/** Files larger than this are not edited: they would not fit a context window either. */
export const TEXT_FILE_BYTES_MAX = 16 * 2 ** 20;

/** Named as VS Code names them, so that the editor can be told. */
export type TextEncoding = "utf8" | "utf16le" | "utf16be" | "windows1252";

export type TextFile = {
  /** Its lines end in line feeds, whatever they end in in the file. */
  readonly text: string;
  readonly eol: LineEnd | "mixed";
  /** The end of each line, where they differ. */
  readonly lineEnds?: readonly LineEnd[];
  readonly bom: boolean;
  readonly encoding: TextEncoding;
};

export type DecodeOutcome =
  | { readonly kind: "text"; readonly file: TextFile }
  | {
      readonly kind: "refused";
      readonly reason: "binary" | "tooLarge" | "encoding";
      readonly sentence: string;
    };

/** Thrown for a text that the encoding of its file has no bytes for; its message is a sentence. */
export class UnencodableText extends Error {
  constructor(missing: string, encoding: TextEncoding) {
    super(`The file is encoded as ${encoding}, which has no “${missing}”; leave it out.`);
    this.name = "UnencodableText";
  }
}

/** Control characters other than white space, backspace and escape. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const UNUSUAL_CONTROL = /[\0-\x07\x0e-\x1a\x1c-\x1f\x7f]/;

const binary = refused("binary", "The file is binary and cannot be edited as text.");

const BOM = { utf8: [0xef, 0xbb, 0xbf], utf16le: [0xff, 0xfe], utf16be: [0xfe, 0xff] } as const;

/** What a file says, and how it says it, so that `encodeTextFile` can write it the same way. */
export function decodeTextFile(bytes: Uint8Array): DecodeOutcome {
  if (bytes.length > TEXT_FILE_BYTES_MAX) {
    const mebibytes = TEXT_FILE_BYTES_MAX / 2 ** 20;
    return refused("tooLarge", `The file is larger than ${mebibytes} MiB and is not edited.`);
  }
  if (startsWith(bytes, [0xff, 0xfe, 0, 0]) || startsWith(bytes, [0, 0, 0xfe, 0xff])) {
    return refused("encoding", "The file is encoded as UTF-32, which is not supported.");
  }
  for (const encoding of ["utf8", "utf16le", "utf16be"] as const) {
    if (startsWith(bytes, BOM[encoding])) return decodeAs(bytes, encoding, true);
  }
  if (bytes.includes(0)) {
    const encoding = wideEncoding(bytes);
    return encoding === undefined ? binary : decodeAs(bytes, encoding, false);
  }
  const strict = tryDecode(bytes, "utf-8");
  if (strict !== undefined) return { kind: "text", file: textFile(strict, "utf8", false) };
  return decodeLegacy(bytes);
}

/**
 * The bytes of a changed text, with the encoding, the byte order mark and the line ends of the file
 * it was made from. Throws `UnencodableText` where the encoding lacks a character.
 */
export function encodeTextFile(text: string, like: TextFile): Uint8Array {
  const { eol, lineEnds, encoding } = like;
  const ends = lineEnds === undefined ? { eol } : { eol, each: lineEnds };
  const content = putLineEnds(text, { text: like.text, ends });
  const body = encodeAs(content, encoding);
  if (!like.bom || encoding === "windows1252") return body;
  const bytes = new Uint8Array(BOM[encoding].length + body.length);
  bytes.set(BOM[encoding]);
  bytes.set(body, BOM[encoding].length);
  return bytes;
}

function decodeAs(
  bytes: Uint8Array,
  encoding: "utf8" | "utf16le" | "utf16be",
  bom: boolean,
): DecodeOutcome {
  const label = { utf8: "utf-8", utf16le: "utf-16le", utf16be: "utf-16be" }[encoding];
  const text = tryDecode(bom ? bytes.subarray(BOM[encoding].length) : bytes, label);
  if (text === undefined) {
    return refused("encoding", `The file says that it is ${label.toUpperCase()}, but it is not.`);
  }
  // Small numbers in two bytes each look like UTF-16 too, but not like text.
  if (!bom && UNUSUAL_CONTROL.test(text)) return binary;
  return { kind: "text", file: textFile(text, encoding, bom) };
}

/** Bytes that are no UTF-8: a damaged file, something binary, or text of an older encoding. */
function decodeLegacy(bytes: Uint8Array): DecodeOutcome {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (UNUSUAL_CONTROL.test(lenient)) return binary;
  let [sound, broken] = [0, 0];
  for (let index = 0; index < lenient.length; index++) {
    const code = lenient.charCodeAt(index);
    if (code === 0xfffd) broken++;
    else if (code >= 0x80) sound++;
  }
  // In other encodings bytes form valid UTF-8 by chance only. Where most do, single ones are damaged,
  // and writing new text beside them in another encoding would damage more.
  if (sound > broken) {
    const places = broken === 1 ? "one place" : `${broken} places`;
    return refused("encoding", `The file is UTF-8 but is damaged in ${places}; repair it first.`);
  }
  return { kind: "text", file: textFile(windows1252.decode(bytes), "windows1252", false) };
}

function textFile(content: string, encoding: TextEncoding, bom: boolean): TextFile {
  const { text, ends } = takeLineEnds(content);
  const file = { text, eol: ends.eol, bom, encoding };
  return ends.each === undefined ? file : { ...file, lineEnds: ends.each };
}

function encodeAs(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === "windows1252") {
    const bytes = windows1252.encode(text);
    if (bytes instanceof Uint8Array) return bytes;
    throw new UnencodableText(bytes.missing, encoding);
  }
  // Half of a surrogate pair would be written as a replacement character.
  if (!text.isWellFormed()) throw new UnencodableText("half of a character", encoding);
  if (encoding === "utf8") return new TextEncoder().encode(text);
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let index = 0; index < text.length; index++) {
    view.setUint16(2 * index, text.charCodeAt(index), encoding === "utf16le");
  }
  return new Uint8Array(view.buffer);
}

/** UTF-16 without a mark: a zero in most pairs of bytes, always on the same side. */
function wideEncoding(bytes: Uint8Array): "utf16le" | "utf16be" | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index++) if (bytes[index] === 0) zeros[index % 2]!++;
  const most = bytes.length / 4;
  if (zeros[0] === 0 && zeros[1]! > most) return "utf16le";
  if (zeros[1] === 0 && zeros[0]! > most) return "utf16be";
  return undefined;
}

function tryDecode(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((byte, index) => bytes[index] === byte);
}

function refused(reason: "binary" | "tooLarge" | "encoding", sentence: string): DecodeOutcome {
  return { kind: "refused", reason, sentence };
}
