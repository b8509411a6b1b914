import * as z from "zod";
import { type AgentTool, defineTool } from "./tool.ts";

const parameters = z.object({ summary: z.string() });

export const finish: AgentTool = defineTool({
  name: "finish",
  description: "End your work. Say what you did and what is left.",
  parameters,
  parallelSafe: false,
  sentence: () => "Finishing",
  run: async ({ summary }) => ({ kind: "done", text: "Done.", summary }),
});
