import * as vscode from "vscode";
import type { FileView } from "../context/living/file-view.ts";
import type { AttachedText } from "../context/window/begin-turn.ts";
import type { ShownFile } from "../context/window/show-files.ts";
import type { FileSource } from "../window/file-source.ts";

export type ReadReferences = {
  readonly files: readonly ShownFile[];
  readonly texts: readonly AttachedText[];
  /** One sentence for everything that was left out. */
  readonly refusals: readonly string[];
};

type Outcome =
  | { readonly file: ShownFile }
  | { readonly text: AttachedText }
  | { readonly refusal: string };

/** The files, selections and texts that a user attached to a message, in the order of mention. */
export async function readReferences(
  references: readonly vscode.ChatPromptReference[],
  source: FileSource,
): Promise<ReadReferences> {
  // The editor lists them from the end of the message to its start.
  const outcomes = await Promise.all(
    references.toReversed().map((reference) => read(reference, source)),
  );
  return {
    files: outcomes.flatMap((outcome) => ("file" in outcome ? [outcome.file] : [])),
    texts: outcomes.flatMap((outcome) => ("text" in outcome ? [outcome.text] : [])),
    refusals: outcomes.flatMap((outcome) => ("refusal" in outcome ? [outcome.refusal] : [])),
  };
}

async function read(
  { id, value, modelDescription }: vscode.ChatPromptReference,
  source: FileSource,
): Promise<Outcome> {
  const label = modelDescription ?? id;
  if (typeof value === "string") return { text: { label, text: `${label}\n${value}` } };
  if (value instanceof vscode.Uri) return await readFile(value, null, source);
  if (value instanceof vscode.Location) {
    return await readFile(value.uri, linesOf(value.range), source);
  }
  return { refusal: `“${label}” is nothing that Kvasir can read.` };
}

async function readFile(
  uri: vscode.Uri,
  lines: FileView["lines"],
  source: FileSource,
): Promise<Outcome> {
  const { uri: name, label, language, content } = await source.read(uri.toString());
  if (content.kind === "missing") return { refusal: `“${label}” was left out: ${content.reason}.` };
  return { file: { uri: name, view: { label, language, content, lines } } };
}

/** Whole lines: they can be followed through edits, and half a line says little. */
function linesOf({ start, end }: vscode.Range): FileView["lines"] {
  const last = end.character === 0 && end.line > start.line ? end.line : end.line + 1;
  return { start: start.line, end: last };
}
