import * as vscode from "vscode";
import type { TextSegment } from "../../protocol/segment.ts";
import { fencedText } from "../doors/reference-text.ts";

/** A larger file would hardly fit any local model's window. */
const FILE_BYTES_MAX = 1024 * 1024;

export type ReadReferences = {
  readonly segments: readonly TextSegment[];
  /** One sentence for everything that was left out. */
  readonly refusals: readonly string[];
};

type Outcome = { readonly segment: TextSegment } | { readonly refusal: string };

/** The files, selections and texts that a user attached to a message, in the order of mention. */
export async function readReferences(
  references: readonly vscode.ChatPromptReference[],
): Promise<ReadReferences> {
  // The editor lists them from the end of the message to its start.
  const outcomes = await Promise.all(references.toReversed().map((reference) => read(reference)));
  return {
    segments: outcomes.flatMap((outcome) => ("segment" in outcome ? [outcome.segment] : [])),
    refusals: outcomes.flatMap((outcome) => ("refusal" in outcome ? [outcome.refusal] : [])),
  };
}

async function read({ id, value, modelDescription }: vscode.ChatPromptReference): Promise<Outcome> {
  if (typeof value === "string") {
    return { segment: segmentOf("selection", modelDescription ?? id, value, "") };
  }
  if (value instanceof vscode.Uri) return await readFile(value, undefined);
  if (value instanceof vscode.Location) return await readFile(value.uri, value.range);
  return { refusal: `“${modelDescription ?? id}” is nothing that Kvasir can read.` };
}

async function readFile(uri: vscode.Uri, range: vscode.Range | undefined): Promise<Outcome> {
  const path = vscode.workspace.asRelativePath(uri);
  const document = await open(uri);
  if (typeof document === "string") return { refusal: `“${path}” was left out: ${document}.` };
  const text = document.getText(range);
  if (text.includes("\0")) return { refusal: `“${path}” was left out: it is not a text file.` };
  if (range === undefined) {
    return { segment: segmentOf("file", path, text, document.languageId) };
  }
  const label = `${path}, lines ${range.start.line + 1}–${range.end.line + 1}`;
  return { segment: segmentOf("selection", label, text, document.languageId) };
}

/** The document as the editor has it, unsaved changes included, or why there is none. */
async function open(uri: vscode.Uri): Promise<vscode.TextDocument | string> {
  const openDocument = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  try {
    const bytes = openDocument?.getText().length ?? (await vscode.workspace.fs.stat(uri)).size;
    if (bytes > FILE_BYTES_MAX) return "it is larger than 1 MB";
    return openDocument ?? (await vscode.workspace.openTextDocument(uri));
  } catch {
    // A folder, a binary file, or one that is gone.
    return "it cannot be read as text";
  }
}

function segmentOf(
  kind: "file" | "selection",
  label: string,
  text: string,
  language: string,
): TextSegment {
  return {
    id: crypto.randomUUID(),
    role: "user",
    kind,
    stability: "history",
    label: label.slice(0, 500),
    text: fencedText(label, text, language),
  };
}
