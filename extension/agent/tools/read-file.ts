import * as z from "zod";
import { decodeTextFile } from "../../edits/text-file.ts";
import { counted } from "./counted.ts";
import { lineCount } from "./line-count.ts";
import { openPlace } from "./open-place.ts";
import { type AgentTool, defineTool, failed, type RunningCall, type ToolOutcome } from "./tool.ts";

/** What one call shows at most. Small windows are full soon, and the rest can be asked for. */
const SHOWN_LINES_MAX = 400;
const SHOWN_CHARACTERS_MAX = 24_000;

const parameters = z.object({
  path: z.string().min(1),
  start_line: z.int().default(1),
  end_line: z.int().default(0).describe("0: to the end"),
});

type Args = z.infer<typeof parameters>;

export const readFile: AgentTool = defineTool({
  name: "read_file",
  description: "Show lines of a file, or of a command's kept output (output:N).",
  parameters,
  parallelSafe: true,
  sentence: ({ path, start_line: start, end_line: end }) =>
    end > 0 ? `Reading ${path}, lines ${start} to ${end}` : `Reading ${path}`,
  run: async (args, call) => {
    const output = call.host.outputs.read(args.path);
    if (output === undefined)
      return failed(`${args.path} is not kept any more; run the command again.`);
    if (output !== null) return showOutput(args, output);
    return await showFile(args, call);
  },
});

async function showFile(args: Args, call: RunningCall): Promise<ToolOutcome> {
  const { host } = call;
  const place = await openPlace("read", args.path, call);
  if (place.kind === "failed") return place;
  const read = await host.workspace.read(place.path);
  switch (read.kind) {
    case "missing":
      return failed(`There is no file ${args.path}. list_files shows which there are.`);
    case "folder":
      return failed(`${args.path} is a folder. list_files shows its files.`);
    case "refused":
      return failed(read.sentence);
    case "bytes":
      break;
  }
  const decoded = decodeTextFile(read.bytes);
  if (decoded.kind === "refused")
    return failed(`${args.path} cannot be shown: ${decoded.sentence}`);
  const { text } = decoded.file;
  const shown = chooseLines(args, text);
  if (shown.kind === "failed") return shown;
  const { start, end } = shown.lines;
  const whole = start === 1 && end === lineCount(text);
  const file = { path: place.path, name: place.name, text, lines: whole ? null : shown.lines };
  if (host.window.shows(file)) {
    const text = whole
      ? `${place.name} stands above as it is now.`
      : `Lines ${start}–${end} of ${place.name} stand above as they are now.`;
    return { kind: "done", text, ...(await place.takeRules()) };
  }
  return {
    kind: "done",
    text: shown.note,
    file,
    sentence: counted(end - start + 1, "line"),
    ...(await place.takeRules()),
  };
}

function showOutput(args: Args, output: string): ToolOutcome {
  const shown = chooseLines(args, output);
  if (shown.kind === "failed") return shown;
  const lines = output.split("\n").slice(shown.lines.start - 1, shown.lines.end);
  return { kind: "done", text: `${shown.note}${shown.note === "" ? "" : "\n"}${lines.join("\n")}` };
}

type Chosen =
  | {
      readonly kind: "lines";
      readonly lines: { readonly start: number; readonly end: number };
      readonly note: string;
    }
  | { readonly kind: "failed"; readonly text: string };

/** The lines that are asked for and fit, and a note where more are there than are shown. */
function chooseLines({ path, start_line: start, end_line: end }: Args, text: string): Chosen {
  const lines = text.split("\n");
  const count = lineCount(text);
  const first = Math.max(1, start);
  const wanted = end > 0 ? Math.min(end, count) : count;
  if (first > count || wanted < first) {
    return {
      kind: "failed",
      text: `${path} has ${count} lines, so there is nothing at these lines.`,
    };
  }
  let last = first - 1;
  let characters = 0;
  while (last < wanted && last - first + 1 < SHOWN_LINES_MAX) {
    characters += (lines[last]?.length ?? 0) + 1;
    if (characters > SHOWN_CHARACTERS_MAX) break;
    last++;
  }
  if (last < first) {
    return { kind: "failed", text: `Line ${first} of ${path} is too long to be shown.` };
  }
  const note =
    last < wanted ? `These are the first of ${count} lines that fit; ask for the others.` : "";
  return { kind: "lines", lines: { start: first, end: last }, note };
}
