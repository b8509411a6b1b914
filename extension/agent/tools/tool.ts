import type * as z from "zod";
import type { Tool } from "../../../protocol/segment.ts";
import type { Gate } from "../approvals/gate.ts";
import type { AgentWindow, FileLines } from "../ports/agent-window.ts";
import type { Diagnostics } from "../ports/diagnostics.ts";
import type { Edits } from "../ports/edits.ts";
import type { Questions } from "../ports/questions.ts";
import type { Search } from "../ports/search.ts";
import type { Terminal } from "../ports/terminal.ts";
import type { Workspace } from "../ports/workspace.ts";
import type { NearRules } from "../rules/near-rules.ts";
import { parametersOf } from "./parameters.ts";
import type { Outputs } from "./outputs.ts";

/** Everything that tools work with. */
export type ToolHost = {
  readonly workspace: Workspace;
  readonly search: Search;
  readonly terminal: Terminal;
  readonly diagnostics: Diagnostics;
  readonly questions: Questions;
  readonly edits: Edits;
  readonly gate: Gate;
  readonly outputs: Outputs;
  readonly rules: NearRules;
  readonly window: Pick<AgentWindow, "shows" | "noteChange" | "staleText">;
};

export type ToolOutcome =
  | {
      readonly kind: "done";
      /** For the model. */
      readonly text: string;
      readonly file?: FileLines;
      /** Holds for longer than this result, such as rules of a folder. */
      readonly note?: string;
      /** What the note leaves out, in sentences for a person. */
      readonly leftOut?: readonly string[];
      /** For a person, where there is more to say than that it is done. */
      readonly sentence?: string;
      /** Ends the turn with this text. */
      readonly summary?: string;
    }
  /** What went wrong and what the model can do about it. */
  | { readonly kind: "failed"; readonly text: string };

export type RunningCall = {
  readonly host: ToolHost;
  readonly signal: AbortSignal;
  readonly onOutput: (text: string) => void;
};

export type PreparedCall =
  | {
      readonly kind: "ready";
      /** What it does, for a person, as in “Reading src/a.ts”. */
      readonly sentence: string;
      /** The file that it is about, as the model named it. */
      readonly path?: string;
      readonly run: (call: RunningCall) => Promise<ToolOutcome>;
    }
  | { readonly kind: "refused"; readonly text: string };

/** A tool that the agent offers to the model. */
export type AgentTool = {
  readonly schema: Tool;
  /** Whether it may run beside others because it changes nothing and asks nobody. */
  readonly parallelSafe: boolean;
  /** Checks the arguments of a call, which come from a model and may be anything. */
  prepare(given: Record<string, unknown>): PreparedCall;
};

/** A tool whose schema for the model is made from the one that checks its arguments. */
export function defineTool<Shape extends z.ZodObject>(definition: {
  readonly name: string;
  readonly description: string;
  readonly parameters: Shape;
  readonly parallelSafe: boolean;
  readonly sentence: (args: z.infer<Shape>) => string;
  readonly run: (args: z.infer<Shape>, call: RunningCall) => Promise<ToolOutcome>;
}): AgentTool {
  const { name, description, parameters, parallelSafe } = definition;
  return {
    schema: { name, description, parameters: parametersOf(parameters) },
    parallelSafe,
    prepare: (given) => {
      const parsed = parameters.safeParse(given);
      if (!parsed.success) return { kind: "refused", text: whatIsWrong(name, parsed.error) };
      const { data } = parsed;
      return {
        kind: "ready",
        sentence: definition.sentence(data),
        ...pathIn(data),
        run: (call) => definition.run(data, call),
      };
    },
  };
}

export function failed(text: string): ToolOutcome {
  return { kind: "failed", text };
}

/** Every built-in tool that is about one file calls it so. */
function pathIn(data: Record<string, unknown>): { readonly path?: string } {
  const { path } = data;
  return typeof path === "string" && path !== "" ? { path } : {};
}

function whatIsWrong(name: string, { issues }: z.ZodError): string {
  const wrong = issues.map(({ path, message }) =>
    path.length === 0 ? message : `"${path.join(".")}": ${message}`,
  );
  return `The arguments of ${name} are not valid: ${wrong.join("; ")}.`;
}
