/** A longer file would hardly fit any local model's window. */
const FILE_CHARACTERS_MAX = 1024 * 1024;

export type ReadableText =
  | { readonly kind: "text"; readonly text: string }
  /** `reason` completes a sentence about the file, such as “it was deleted”. */
  | { readonly kind: "missing"; readonly reason: string };

/**
 * A file's text as a window shows it, or why it cannot. A byte order mark and the kind of line ends
 * are left out: a model has no use for them, and a file whose line ends flip has not changed.
 */
export function readableText(raw: string): ReadableText {
  if (raw.length > FILE_CHARACTERS_MAX) return missing("it is larger than 1 MB");
  if (raw.includes("\0")) return missing("it is not a text file");
  const unmarked = raw.startsWith("\uFEFF") ? raw.slice(1) : raw;
  // This runs with every change of a file, and most have no CR.
  const text = unmarked.includes("\r") ? unmarked.replaceAll(/\r\n?/gu, "\n") : unmarked;
  if (text.isWellFormed()) return { kind: "text", text };
  const line = text.slice(0, firstHalf(text)).split("\n").length;
  return missing(`line ${line} holds half a character (a lone surrogate)`);
}

function missing(reason: string): ReadableText {
  return { kind: "missing", reason };
}

function firstHalf(text: string): number {
  const whole = text.toWellFormed();
  let index = 0;
  while (text.charCodeAt(index) === whole.charCodeAt(index)) index++;
  return index;
}
