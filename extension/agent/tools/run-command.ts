import * as z from "zod";
import type { CommandEnd } from "../ports/terminal.ts";
import { Output } from "./outputs.ts";
import { shownOutput } from "./shown-output.ts";
import { type AgentTool, defineTool, failed } from "./tool.ts";

const SECONDS_DEFAULT = 120;
const SECONDS_MAX = 1_800;

const parameters = z.object({
  command: z.string().min(1),
  seconds: z.int().default(SECONDS_DEFAULT).describe("time limit"),
});

export const runCommand: AgentTool = defineTool({
  name: "run_command",
  description: "Run a shell command in the workspace.",
  parameters,
  parallelSafe: false,
  sentence: ({ command }) => `Running ${command}`,
  run: async ({ command, seconds }, { host, signal, onOutput }) => {
    const { gate, terminal, workspace, outputs } = host;
    const passed = await gate.pass({ kind: "command", command, shell: terminal.shell }, signal);
    if (passed.kind === "refused") return failed(`The command was not run: ${passed.sentence}`);
    const limit = Math.min(Math.max(1, seconds), SECONDS_MAX);
    const output = new Output();
    const end = await terminal.run(command, {
      folder: workspace.root,
      timeLimitMs: limit * 1_000,
      signal,
      onOutput: (text) => {
        output.add(text);
        onOutput(text);
      },
    });
    if (end.kind === "failed") return failed(`The command was not run: ${end.sentence}`);
    const heading = endText(end, limit);
    const text = shownOutput(output.text, (whole) => outputs.keep(whole));
    return { kind: "done", text: text === "" ? heading : `${heading}\n${text}`, sentence: heading };
  },
});

function endText(end: Exclude<CommandEnd, { kind: "failed" }>, limit: number): string {
  switch (end.kind) {
    case "exited":
      return `Exit code ${end.code}.`;
    case "killed":
      return `Killed by ${end.by}.`;
    case "timedOut":
      return `Stopped after ${limit} seconds, the time limit.`;
    case "stopped":
      return "Stopped by the user.";
  }
}
