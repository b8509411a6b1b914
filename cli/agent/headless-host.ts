import { EVERY_COMMAND } from "../../extension/agent/approvals/command-rules.ts";
import { Gate } from "../../extension/agent/approvals/gate.ts";
import { NodeEdits } from "../../extension/agent/node/node-edits.ts";
import { RipgrepSearch } from "../../extension/agent/node/node-ripgrep.ts";
import { NodeTerminal } from "../../extension/agent/node/node-terminal.ts";
import { NodeWorkspace } from "../../extension/agent/node/node-workspace.ts";
import type { Approvals } from "../../extension/agent/ports/approvals.ts";
import type { Edits } from "../../extension/agent/ports/edits.ts";
import type { Workspace } from "../../extension/agent/ports/workspace.ts";
import { NearRules } from "../../extension/agent/rules/near-rules.ts";
import { Outputs } from "../../extension/agent/tools/outputs.ts";
import type { ToolHost } from "../../extension/agent/tools/tool.ts";
import { ripgrepPath } from "./ripgrep-path.ts";

export type HeadlessOptions = {
  readonly yesEdits?: true;
  readonly yesCommands?: true;
  /** Sees every edit, for example to keep what was there before. */
  readonly watch?: (edits: Edits, workspace: Workspace) => Edits;
  readonly onChanged: (path: string) => void;
};

/** Everything that tools need where there is a folder and a shell, but nobody to be asked. */
export async function headlessHost(
  root: string,
  { yesEdits, yesCommands, onChanged, watch = (edits) => edits }: HeadlessOptions,
): Promise<Omit<ToolHost, "window">> {
  const workspace = new NodeWorkspace(root);
  return {
    workspace,
    search: new RipgrepSearch(await ripgrepPath(), root),
    terminal: new NodeTerminal(),
    diagnostics: { problems: async () => null },
    questions: { ask: async () => null },
    edits: noted(watch(new NodeEdits(workspace), workspace), onChanged),
    gate: new Gate(NOBODY, {
      // Whoever names a folder on the command line trusts it.
      trusted: true,
      root,
      edits: yesEdits === true,
      writable: [],
      commands: yesCommands === true ? [EVERY_COMMAND] : [],
      external: [],
    }),
    outputs: new Outputs(),
    rules: new NearRules(workspace, ""),
  };
}

const NOBODY: Approvals = {
  request: async ({ grant }) => ({ kind: "no", sentence: refusalOf(grant) }),
};

function refusalOf(grant: Parameters<Approvals["request"]>[0]["grant"]): string {
  const nobody = "nobody is there to allow it";
  if (grant?.kind === "edits") return `${nobody} (the user can, with --yes-edits).`;
  if (grant?.kind === "commands") return `${nobody} (the user can, with --yes-commands).`;
  return `${nobody}. Do it another way, or leave it and say so.`;
}

function noted(edits: Edits, onChanged: (path: string) => void): Edits {
  return {
    apply: async (files) => {
      const end = await edits.apply(files);
      if (end.kind === "applied") for (const { path } of files) onChanged(path);
      return end;
    },
  };
}
