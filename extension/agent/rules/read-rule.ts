import { decodeTextFile } from "../../edits/text-file.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { Rule } from "./select-rules.ts";

/** A file of rules, or `null` where there is none that can be read. */
export async function readRule(workspace: Workspace, path: string): Promise<Rule | null> {
  const place = await workspace.locate(path);
  // A link that leads out of the workspace could put anything into every prompt.
  if (place.kind !== "inside") return null;
  const read = await workspace.read(place.path);
  if (read.kind !== "bytes") return null;
  const decoded = decodeTextFile(read.bytes);
  return decoded.kind === "text" ? { label: path, text: decoded.file.text } : null;
}
