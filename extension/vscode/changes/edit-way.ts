import * as vscode from "vscode";
import { type FileBytes, sameBytes } from "../../edits/file-bytes.ts";
import { bytesOf, type CurrentFile, textFor } from "./current-file.ts";
import { savesQuietly } from "./saves-quietly.ts";
import { textEdits } from "./text-edits.ts";

/** How a file comes to hold what it is to hold. */
export type Way =
  | { readonly kind: "nothing" | "create" | "delete" }
  /** In a document of the editor, which is saved if it was saved before. */
  | {
      readonly kind: "document";
      readonly document: vscode.TextDocument;
      readonly version: number;
      readonly edits: readonly vscode.TextEdit[];
      /** What the edits make of it. */
      readonly text: string;
      readonly saves: boolean;
    }
  /**
   * On disk, past the editor: it would change more than was asked for when it saves, because it is
   * told to format, or cannot write the file as it is (line ends that differ, another encoding).
   */
  | { readonly kind: "disk" };

/** One file of a step: what it holds, what it is to hold, and how it comes to hold it. */
export type PlannedFile = {
  readonly path: string;
  readonly present: FileBytes;
  readonly after: FileBytes;
  readonly way: Way;
};

export type ChosenWay = Way | { readonly kind: "refused"; readonly sentence: string };

export async function chooseWay(file: CurrentFile, after: FileBytes): Promise<ChosenWay> {
  const { bytes } = file;
  if (sameBytes(bytes, after)) return { kind: "nothing" };
  if (file.isReadOnly) return { kind: "refused", sentence: "it is read-only." };
  if (after === null) return { kind: "delete" };
  if (bytes === null) return { kind: "create" };
  if (file.document?.isDirty === true) return await inUnsaved(file.document, after);
  const document = file.document ?? (await open(file.path));
  if (document === undefined || document.isDirty) return { kind: "disk" };
  const { version } = document;
  const isMirror = sameBytes(await bytesOf(document), bytes);
  const text = isMirror && savesQuietly(document) ? await textFor(document, after) : undefined;
  if (text === undefined) return { kind: "disk" };
  return inDocument(document, { version, text, saves: true });
}

async function inUnsaved(document: vscode.TextDocument, after: Uint8Array): Promise<ChosenWay> {
  const { version } = document;
  const text = await textFor(document, after);
  if (text === undefined) {
    const sentence = "it has unsaved changes, and the editor cannot write the new text as it is.";
    return { kind: "refused", sentence };
  }
  return inDocument(document, { version, text, saves: false });
}

function inDocument(
  document: vscode.TextDocument,
  to: { readonly version: number; readonly text: string; readonly saves: boolean },
): Way {
  return { kind: "document", document, edits: textEdits(document, to.text), ...to };
}

/** Undefined for what the editor does not show as text, or not in full. */
async function open(path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  } catch {
    return undefined;
  }
}
