import * as vscode from "vscode";
import { externalTool } from "../../agent/external/external-tool.ts";
import { promptTsxText } from "../../agent/external/prompt-tsx-text.ts";
import type { AgentTool } from "../../agent/tools/tool.ts";
import { tokenOf } from "../cancellation.ts";
import { readEditorTools } from "./editor-tools-setting.ts";

/** A tool that takes longer will not answer any more. */
const ANSWER_MINUTES_MAX = 10;
const MS_PER_MINUTE = 60_000;

/** Ties a call to the request of a chat, so that the editor's own questions appear in it. */
export type InvocationToken =
  vscode.LanguageModelToolInvocationOptions<object>["toolInvocationToken"];

/**
 * The tools of other extensions and of MCP servers that the user has switched on, as tools of the
 * agent. One whose provider is not there now is left out until it is.
 */
export function editorTools(invocationToken: InvocationToken): AgentTool[] {
  const chosen = new Set(readEditorTools());
  return vscode.lm.tools
    .filter(({ name }) => chosen.has(name))
    .map(({ name, description, inputSchema }) =>
      externalTool({
        name,
        description,
        inputSchema,
        invoke: async (input, signal) => await invoke(name, input, invocationToken, signal),
      }),
    );
}

async function invoke(
  name: string,
  input: object,
  toolInvocationToken: InvocationToken,
  signal: AbortSignal,
): Promise<string> {
  const late = AbortSignal.timeout(ANSWER_MINUTES_MAX * MS_PER_MINUTE);
  const ended = AbortSignal.any([signal, late]);
  const source = tokenOf(ended);
  try {
    const answer = vscode.lm.invokeTool(name, { input, toolInvocationToken }, source.token);
    // A tool need not listen to the token, and nobody waits for one that does not.
    const { content } = await Promise.race([answer, rejectionOf(ended)]);
    return content.map(textOf).join("\n");
  } catch (error) {
    if (late.aborted) {
      throw new Error(`It did not answer within ${ANSWER_MINUTES_MAX} minutes.`, { cause: error });
    }
    throw error;
  } finally {
    source.dispose();
  }
}

async function rejectionOf(signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    const give = (): void => reject(new vscode.CancellationError());
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}

/** What cannot be shown to a model is named, so that it knows of it. */
function textOf(part: unknown): string {
  if (part instanceof vscode.LanguageModelTextPart) return part.value;
  if (part instanceof vscode.LanguageModelPromptTsxPart) return promptTsxText(part.value);
  if (part instanceof vscode.LanguageModelDataPart) {
    const { mimeType, data } = part;
    if (/^text\/|[/+]json$|[/+]xml$/u.test(mimeType)) return new TextDecoder().decode(data);
    return `(${mimeType} of ${data.length} bytes, which cannot be shown here)`;
  }
  return "(an answer of a kind that cannot be shown here)";
}
