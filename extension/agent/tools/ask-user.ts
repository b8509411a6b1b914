import * as z from "zod";
import { type AgentTool, defineTool } from "./tool.ts";

const OPTIONS_MAX = 6;

const parameters = z.object({
  question: z.string().min(1),
  options: z.array(z.string()).max(OPTIONS_MAX).default([]),
});

export const askUser: AgentTool = defineTool({
  name: "ask_user",
  description: "Ask the user when you cannot go on without an answer.",
  parameters,
  parallelSafe: false,
  sentence: ({ question }) => `Asking: ${question}`,
  run: async ({ question, options }, { host, signal }) => {
    const answer = await host.questions.ask(question, options, signal);
    return answer === null
      ? {
          kind: "done",
          text: "Nobody answered. Go on with what seems best and say what you assumed.",
        }
      : { kind: "done", text: answer, sentence: answer };
  },
});
