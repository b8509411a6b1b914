import * as vscode from "vscode";
import { Gate } from "../../../extension/agent/approvals/gate.ts";
import type { ToolHost } from "../../../extension/agent/tools/tool.ts";
import { Outputs } from "../../../extension/agent/tools/outputs.ts";
import { editorTools } from "../../../extension/vscode/agent/editor-tools.ts";

type Input = { readonly kind: string; readonly [name: string]: unknown };

/** A tool that another extension provides; `kind` says what it does. */
export function registerProbeTool(): vscode.Disposable {
  return vscode.lm.registerTool<Input>("probe_echo", {
    invoke: async ({ input }, token) => {
      const result = (...parts: unknown[]) => new vscode.LanguageModelToolResult(parts);
      switch (input.kind) {
        case "parts":
          return result(
            new vscode.LanguageModelTextPart("text"),
            vscode.LanguageModelDataPart.json({ a: 1 }),
            vscode.LanguageModelDataPart.image(new Uint8Array(3), "image/png"),
            new vscode.LanguageModelPromptTsxPart({
              node: { type: 1, children: [{ type: 2, text: "rendered" }] },
            }),
          );
        case "long":
          return result(new vscode.LanguageModelTextPart("a line of many\n".repeat(5_000)));
        case "fail":
          throw new Error("The probe cannot do that.");
        case "hang":
          return await new Promise<never>(() => token.isCancellationRequested);
        default:
          return result(new vscode.LanguageModelTextPart(JSON.stringify(input)));
      }
    },
  });
}

/** What the agent is offered of other extensions' tools. */
export function offeredTools(): { readonly name: string; readonly parameters?: unknown }[] {
  return editorTools(undefined).map(({ schema }) => schema);
}

export type Used = { readonly kind: string; readonly text: string; readonly asked: string[] };

/** Uses one of them as the agent would, with a person who says yes or no. */
export async function useTool(options: {
  readonly name: string;
  readonly given: Record<string, unknown>;
  readonly allowed: boolean;
  readonly stopAfterMs?: number;
}): Promise<Used> {
  const tool = editorTools(undefined).find(({ schema }) => schema.name === options.name);
  if (tool === undefined) throw new Error(`${options.name} is not offered.`);
  const prepared = tool.prepare(options.given);
  if (prepared.kind === "refused") throw new Error(prepared.text);
  const asked: string[] = [];
  const approvals = {
    request: async ({ detail }: { readonly detail: string }) => {
      asked.push(detail);
      return options.allowed
        ? ({ kind: "yes", lasts: "once" } as const)
        : ({ kind: "no", sentence: "the user said no." } as const);
    },
  };
  const { isTrusted: trusted } = vscode.workspace;
  const policy = { trusted, root: "/", edits: true, writable: [], commands: [], external: [] };
  const controller = new AbortController();
  if (options.stopAfterMs !== undefined) setTimeout(() => controller.abort(), options.stopAfterMs);
  // All that such a tool needs of its host.
  const host = { gate: new Gate(approvals, policy), outputs: new Outputs() } as ToolHost;
  try {
    const { signal } = controller;
    const outcome = await prepared.run({ host, signal, onOutput: () => undefined });
    return { kind: outcome.kind, text: outcome.text, asked };
  } catch (error) {
    return { kind: "thrown", text: error instanceof Error ? error.message : String(error), asked };
  }
}
