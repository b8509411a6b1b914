import * as z from "zod";
import { isSecret } from "../approvals/dangerous-places.ts";
import type { TextHit } from "../ports/search.ts";
import { counted } from "./counted.ts";
import { passRead } from "./pass-read.ts";
import { type AgentTool, defineTool, failed } from "./tool.ts";

const HITS_MAX = 60;
const HIT_CHARACTERS_MAX = 200;
const SECRETS_LEFT_OUT =
  "(lines of files that usually hold secrets are left out; read_file asks whether it may)";

const parameters = z.object({
  regex: z.string().min(1),
  glob: z.string().default("").describe('"": all files'),
});

export const searchText: AgentTool = defineTool({
  name: "search_text",
  description: "Find lines that match in the files of the workspace.",
  parameters,
  parallelSafe: true,
  sentence: ({ regex }) => `Searching for ${regex}`,
  run: async ({ regex, glob }, call) => {
    const refused = await passRead(call);
    if (refused !== null) return refused;
    const found = await call.host.search.text(regex, { glob, max: HITS_MAX, signal: call.signal });
    if ("kind" in found) return failed(found.sentence);
    const { more } = found;
    // To read such a file is asked about, so a search must not show it without a question.
    const hits = found.hits.filter(({ path }) => !isSecret(path));
    const rest = [
      ...(hits.length < found.hits.length ? [SECRETS_LEFT_OUT] : []),
      ...(more ? ["(there are more; search for something narrower)"] : []),
    ];
    if (found.hits.length === 0) {
      return { kind: "done", text: "No line matches.", sentence: "none" };
    }
    return {
      kind: "done",
      text: [...hits.map(lineOf), ...rest].join("\n"),
      sentence: more ? `${hits.length} lines and more` : counted(hits.length, "line"),
    };
  },
});

function lineOf({ path, line, text }: TextHit): string {
  const trimmed = text.trim();
  const cut =
    trimmed.length > HIT_CHARACTERS_MAX ? `${trimmed.slice(0, HIT_CHARACTERS_MAX)}…` : trimmed;
  return `${path}:${line}: ${cut.toWellFormed()}`;
}
