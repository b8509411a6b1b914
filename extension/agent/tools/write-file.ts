import * as z from "zod";
import { decodeTextFile } from "../../edits/text-file.ts";
import { encode } from "./encode.ts";
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
    const { workspace, edits, window } = call.host;
    const place = await openPlace("write", given, call);
    if (place.kind === "failed") return place;
    const { path, name } = place;
    const read = await workspace.read(path);
    if (read.kind === "folder") return failed(`${name} is a folder.`);
    if (read.kind === "refused") return failed(read.sentence);
    const present = read.kind === "bytes" ? read.bytes : null;
    // A file that is replaced keeps its line ends, its encoding and its byte order mark.
    const decoded = decodeTextFile(present ?? new Uint8Array());
    if (decoded.kind === "refused") return failed(`${name} was not changed: ${decoded.sentence}`);
    const text = content.replaceAll("\r\n", "\n");
    const encoded = encode(text, decoded.file);
    if (encoded.kind === "failed") return failed(`${name} was not changed: ${encoded.text}`);
    // What somebody else has typed since the model saw the file is merged with the content, or stands
    // in its way. A file that is gone holds nothing that could be lost.
    const stale = present === null ? null : window.staleText(path, decoded.file.text);
    const before = stale === null ? present : new TextEncoder().encode(stale);
    const end = await edits.apply([{ path, before, after: encoded.bytes }]);
    if (end.kind === "refused") return failed(`${name} was not changed: ${end.sentence}`);
    window.noteChange(path, text);
    const what = present === null ? "created" : "replaced";
    const kept = stale === null ? "" : " What somebody else has changed in it meanwhile stays.";
    return {
      kind: "done",
      text: `${name} is ${what}.${kept}`,
      sentence: what,
      ...(await place.takeRules()),
    };
  },
});
