import * as z from "zod";
import { counted } from "./counted.ts";
import { passRead } from "./pass-read.ts";
import { type AgentTool, defineTool, failed } from "./tool.ts";

const PROBLEMS_MAX = 50;

const parameters = z.object({ path: z.string().default("").describe('"": all files') });

export const diagnostics: AgentTool = defineTool({
  name: "diagnostics",
  description: "Show the errors and warnings that the editor knows of.",
  parameters,
  parallelSafe: true,
  sentence: ({ path }) =>
    path === "" ? "Looking at the problems" : `Looking at the problems of ${path}`,
  run: async ({ path }, call) => {
    const refused = await passRead(call);
    if (refused !== null) return refused;
    const problems = await call.host.diagnostics.problems(path, call.signal);
    if (problems === null) {
      return {
        kind: "done",
        text: "No editor looks for problems here; run the project's own checks.",
      };
    }
    if ("kind" in problems) return failed(problems.sentence);
    if (problems.length === 0) return { kind: "done", text: "No problems.", sentence: "none" };
    const lines = problems
      .slice(0, PROBLEMS_MAX)
      .map((problem) => `${problem.path}:${problem.line}: ${problem.severity}: ${problem.message}`);
    const more = problems.length - lines.length;
    return {
      kind: "done",
      text: [...lines, ...(more > 0 ? [`(${more} more)`] : [])].join("\n"),
      sentence: counted(problems.length, "problem"),
    };
  },
});
