import * as z from "zod";
import { applyBlocks } from "../../edits/apply-blocks.ts";
import { decodeTextFile } from "../../edits/text-file.ts";
import { changedLines } from "./changed-lines.ts";
import { counted } from "./counted.ts";
import { encode } from "./encode.ts";
import { openPlace } from "./open-place.ts";
import { type AgentTool, defineTool, failed } from "./tool.ts";

const parameters = z.object({
  path: z.string().min(1),
  edits: z.array(z.object({ search: z.string(), replace: z.string() })).min(1),
});

export const editFile: AgentTool = defineTool({
  name: "edit_file",
  description: "Replace parts of a file. Each search is copied from the file and occurs once.",
  parameters,
  parallelSafe: false,
  sentence: ({ path }) => `Editing ${path}`,
  run: async ({ path: given, edits }, call) => {
    const { workspace, window, edits: port } = call.host;
    const place = await openPlace("write", given, call);
    if (place.kind === "failed") return place;
    const { path, name } = place;
    const read = await workspace.read(path);
    if (read.kind === "missing") return failed(`There is no file ${name}. write_file creates it.`);
    if (read.kind === "folder") return failed(`${name} is a folder.`);
    if (read.kind === "refused") return failed(read.sentence);
    const decoded = decodeTextFile(read.bytes);
    if (decoded.kind === "refused") return failed(`${name} was not changed: ${decoded.sentence}`);
    const { text } = decoded.file;
    const applied = applyBlocks(text, edits);
    if (applied.kind === "failed") return failed(`${name} was not changed: ${applied.sentence}`);
    const encoded = encode(applied.text, decoded.file);
    if (encoded.kind === "failed") return failed(`${name} was not changed: ${encoded.text}`);
    const end = await port.apply([{ path, before: read.bytes, after: encoded.bytes }]);
    if (end.kind === "refused") return failed(`${name} was not changed: ${end.sentence}`);
    // What somebody else has typed meanwhile must be told, and is told together with the edit.
    if (window.staleText(path, text) === null) window.noteChange(path, applied.text);
    const guesses = applied.matches.filter(({ how }) => how === "fuzzy").length;
    const guessed =
      guesses === 0 ? "" : ` ${guesses} of the searches matched only nearly; check the result.`;
    return {
      kind: "done",
      text: `${name} is changed.${guessed}\n${changedLines(name, text, applied.text)}`.trimEnd(),
      sentence: counted(edits.length, "edit"),
      ...(await place.takeRules()),
    };
  },
});
