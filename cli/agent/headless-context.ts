import { RipgrepSearch } from "../../extension/agent/node/node-ripgrep.ts";
import { NodeWorkspace } from "../../extension/agent/node/node-workspace.ts";
import { CONTEXT_TOKENS_DEFAULT } from "../../extension/providers/context-tokens.ts";
import { Lessons } from "../../extension/providers/lessons/lessons.ts";
import { readGit } from "../../extension/providers/node/node-git.ts";
import { WorkspaceContext } from "../../extension/providers/workspace-context.ts";
import { lessonsFile } from "./lessons-file.ts";
import { ripgrepPath } from "./ripgrep-path.ts";

/** Whoever started a program waits for its end and not for its beginning. */
const PATIENCE = 10;

/** What is told of a folder where there is no editor: no active file, and no earlier sessions. */
export async function headlessContext(
  root: string,
  options: { readonly lessons?: string; readonly onMissing: (sentence: string) => void },
): Promise<WorkspaceContext> {
  const { lessons, onMissing } = options;
  return new WorkspaceContext({
    workspace: new NodeWorkspace(root),
    search: new RipgrepSearch(await ripgrepPath(), root),
    tokens: () => CONTEXT_TOKENS_DEFAULT,
    readGit: async (signal) => await readGit(root, signal),
    ...(lessons === undefined ? {} : { lessons: new Lessons(lessonsFile(lessons)) }),
    later: (delayMs, call) => {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
    patience: PATIENCE,
    onMissing,
  });
}
