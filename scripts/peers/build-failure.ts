import type { ToolOutcome } from "./run-tool.ts";

export type BuildStep = { readonly tool: "git" | "cmake"; readonly args: readonly string[] };

const NO_COMPILER = /No CMAKE_\w+_COMPILER could be found|CMAKE_\w+_COMPILER not set/u;
const NEEDED = "To compile llama-server, install git, cmake and a C++ compiler";

/** Why llama-server could not be compiled, in one sentence. */
export function buildFailure(
  { tool }: BuildStep,
  outcome: Exclude<ToolOutcome, { kind: "done" }>,
): string {
  if (outcome.kind === "missing") return `${NEEDED}: ${tool} was not found.`;
  if (NO_COMPILER.test(outcome.lines.join("\n"))) return `${NEEDED}: cmake found no compiler.`;
  const errors = outcome.lines.filter((line) => /\berror\b/iu.test(line));
  const said = errors.at(0) ?? outcome.lines.at(-1) ?? "it said nothing";
  return `llama-server could not be compiled; ${tool} failed: ${said.trim().replace(/\.$/u, "")}.`;
}
