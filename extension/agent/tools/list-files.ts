import * as z from "zod";
import { counted } from "./counted.ts";
import { type AgentTool, defineTool, failed } from "./tool.ts";
import { passRead } from "./pass-read.ts";

const PATHS_MAX = 200;

const parameters = z.object({ glob: z.string().default("").describe('such as "src/**"') });

export const listFiles: AgentTool = defineTool({
  name: "list_files",
  description: "List the files of the workspace that match.",
  parameters,
  parallelSafe: true,
  sentence: ({ glob }) => (glob === "" ? "Listing files" : `Listing ${glob}`),
  run: async ({ glob }, call) => {
    const refused = await passRead(call);
    if (refused !== null) return refused;
    const found = await call.host.search.files(glob, { max: PATHS_MAX, signal: call.signal });
    if ("kind" in found) return failed(found.sentence);
    const { paths, total } = found;
    if (total === 0) return { kind: "done", text: "No file matches.", sentence: "none" };
    const more =
      total > paths.length ? [`(${total - paths.length} more; use a narrower glob)`] : [];
    return { kind: "done", text: [...paths, ...more].join("\n"), sentence: counted(total, "file") };
  },
});
