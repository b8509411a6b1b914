import * as z from "zod";
import { decodeTextFile } from "../../edits/text-file.ts";
import type { ReadBytes } from "../ports/workspace.ts";
import { encode, type Encoded } from "./encode.ts";
import { openPlace } from "./open-place.ts";
import { type AgentTool, defineTool, failed } from "./tool.ts";

const CONTENT_CHARACTERS_MAX = 1_000_000;

const parameters = z.object({
  path: z.string().min(1),
  content: z.string().max(CONTENT_CHARACTERS_MAX),
});

export const writeFile: AgentTool = defineTool({
  name: "write_file",
  description: "Create a file, or replace all of it.",
  parameters,
  parallelSafe: false,
  sentence: ({ path }) => `Writing ${path}`,
  run: async ({ path: given, content }, call) => {
    const { workspace, edits } = call.host;
    const place = await openPlace("write", given, call);
    if (place.kind === "failed") return place;
    const { path, name } = place;
    const read = await workspace.read(path);
    if (read.kind === "folder") return failed(`${name} is a folder.`);
    if (read.kind === "refused") return failed(read.sentence);
    const encoded = encodeAs(content, read);
    if (encoded.kind === "failed") return failed(`${name} was not changed: ${encoded.text}`);
    const before = read.kind === "bytes" ? read.bytes : null;
    const end = await edits.apply([{ path, before, after: encoded.bytes }]);
    if (end.kind === "refused") return failed(`${name} was not changed: ${end.sentence}`);
    call.host.window.noteChange(path, content.replaceAll("\r\n", "\n"));
    const what = before === null ? "created" : "replaced";
    return { kind: "done", text: `${name} is ${what}.`, sentence: what, ...place.rules };
  },
});

/** A file that is replaced keeps its line ends, its encoding and its byte order mark. */
function encodeAs(
  content: string,
  read: Extract<ReadBytes, { kind: "bytes" | "missing" }>,
): Encoded {
  const text = content.replaceAll("\r\n", "\n");
  const like = { text: "", eol: "\n", bom: false, encoding: "utf8" } as const;
  if (read.kind === "missing" || read.bytes.length === 0) return encode(text, like);
  const decoded = decodeTextFile(read.bytes);
  if (decoded.kind === "refused") return { kind: "failed", text: decoded.sentence };
  return encode(text, decoded.file);
}
