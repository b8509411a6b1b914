import { type FileView, looksLike, mapLines } from "./file-view.ts";
import { lineHunks } from "./line-hunks.ts";
import type { ReadableText } from "./readable-text.ts";

/** A file in the window that follows the file outside. */
export type LivingFile = {
  readonly uri: string;
  /** The segment in which it stands. */
  readonly segmentId: string;
  /** What a reader of the window knows: the segment, with all errata applied. */
  readonly shown: FileView;
  /** What the file is now, where the window does not say so yet. */
  readonly pending: FileView | null;
  /** The segments of the errata that stand behind it. */
  readonly errataIds: readonly string[];
};

/** What became of a file. */
export type FileState = {
  /** Another one than before when the file was renamed. */
  readonly uri: string;
  readonly label: string;
  readonly language: string;
  readonly content: ReadableText;
};

/** The file after a change outside. A change that takes another one back leaves nothing to tell. */
export function followed(file: LivingFile, state: FileState): LivingFile {
  const view = viewAfter(file.pending ?? file.shown, file.shown, state);
  const { uri } = state;
  return looksLike(view, file.shown)
    ? { ...file, uri, shown: view, pending: null }
    : { ...file, uri, pending: view };
}

function viewAfter(latest: FileView, shown: FileView, state: FileState): FileView {
  const { label, language, content } = state;
  if (content.kind === "missing") return { label, language, content, lines: latest.lines };
  if (latest.lines === null) return { label, language, content, lines: null };
  // Lines that went with a deleted file, or with an edit, may be back: they are looked for by
  // what they were when they were last shown.
  const known = [latest, shown].find((view) => view.content.kind === "text");
  const lines = known === undefined ? null : linesAfter(known, content.text);
  if (lines !== null) return { label, language, content, lines };
  const gone = { kind: "missing", reason: "the lines were deleted" } as const;
  return { label, language, content: gone, lines: latest.lines };
}

function linesAfter({ content, lines }: FileView, text: string): FileView["lines"] {
  if (content.kind === "missing" || lines === null) return null;
  return mapLines(lines, lineHunks(content.text, text));
}
