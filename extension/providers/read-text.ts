import type { Workspace } from "../agent/ports/workspace.ts";
import { isSecret } from "../agent/approvals/dangerous-places.ts";
import { readableText } from "../context/living/readable-text.ts";
import { decodeTextFile } from "../edits/text-file.ts";

/**
 * What a file of the workspace says; `null` for one that is not there, is not text, usually holds secrets,
 * or lies behind a link that leads out.
 */
export async function readText(workspace: Workspace, relativePath: string): Promise<string | null> {
  if (isSecret(relativePath)) return null;
  const place = await workspace.locate(relativePath);
  if (place.kind !== "inside" || isSecret(place.relative)) return null;
  const read = await workspace.read(place.path);
  if (read.kind !== "bytes") return null;
  const decoded = decodeTextFile(read.bytes);
  if (decoded.kind !== "text") return null;
  const text = readableText(decoded.file.text);
  return text.kind === "text" ? text.text : null;
}
