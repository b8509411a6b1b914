import { Output } from "../tools/outputs.ts";
import { shownOutput } from "../tools/shown-output.ts";
import { type AgentTool, failed } from "../tools/tool.ts";
import { isBuiltIn } from "../tools/tool-set.ts";
import { foreignParameters } from "./foreign-schema.ts";

/** Longer descriptions of a tool are cut: they stand in every prompt. */
const DESCRIPTION_CHARACTERS_MAX = 1_000;

/** A tool that somebody else provides, such as another extension or an MCP server. */
export type ExternalTool = {
  readonly name: string;
  readonly description: string;
  /** A JSON schema, or whatever its provider takes for one. */
  readonly inputSchema: unknown;
  /** Answers what the tool says, or fails with a sentence. */
  readonly invoke: (input: Record<string, unknown>, signal: AbortSignal) => Promise<string>;
};

/**
 * Makes it a tool of the agent. It runs when the gate lets it pass, alone because nobody knows what
 * it changes, and its output is bounded as that of a command is.
 */
export function externalTool({ name, description, inputSchema, invoke }: ExternalTool): AgentTool {
  const { parameters, withoutUnused } = foreignParameters(inputSchema);
  return {
    // Nothing stands in for a tool of our own.
    schema: {
      name: isBuiltIn(name) ? `external_${name}` : name,
      description: description.trim().slice(0, DESCRIPTION_CHARACTERS_MAX).toWellFormed(),
      parameters,
    },
    parallelSafe: false,
    prepare: (given) => ({
      kind: "ready",
      sentence: `Using ${name}`,
      run: async ({ host, signal }) => {
        const input = withoutUnused(given);
        const action = { kind: "external", tool: name, input: JSON.stringify(input) } as const;
        const passed = await host.gate.pass(action, signal);
        if (passed.kind === "refused") return failed(`${name} was not used: ${passed.sentence}`);
        const output = new Output();
        output.add(await invoke(input, signal));
        const text = shownOutput(output.text, (whole) => host.outputs.keep(whole));
        return { kind: "done", text: text === "" ? "It answered nothing." : text };
      },
    }),
  };
}
