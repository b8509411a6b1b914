import { NodeFiles } from "../../extension/agent/node/node-files.ts";
import { LivingWindow } from "../../extension/agent/living-window.ts";
import type { SidecarConnection } from "../../extension/client/connection.ts";
import type { WindowState } from "../../extension/context/window/window-state.ts";
import type { WorkspaceContext } from "../../extension/providers/workspace-context.ts";
import { ContextWindow } from "../../extension/window/context-window.ts";

export type HeadlessWindow = {
  readonly window: LivingWindow;
  readonly context: ContextWindow;
};

/** A context window over files on disk. */
export function headlessWindow(
  connection: SidecarConnection,
  state: WindowState,
  options: {
    readonly root: string;
    readonly onNotice: (sentence: string) => void;
    /** What the model is told of the folder without asking; nothing when this is absent. */
    readonly surroundings?: Pick<WorkspaceContext, "volatileTexts">;
  },
): HeadlessWindow {
  const files = new NodeFiles(options.root);
  const context = new ContextWindow(
    {
      connection,
      files,
      isModelLoaded: () => true,
      summarises: () => false,
      onNotice: options.onNotice,
      // Nobody is idle here: a process ends with its turn.
      onStale: () => undefined,
    },
    state,
  );
  const window = new LivingWindow(context, {
    uriOf: (path) => path,
    checkFiles: async () => await files.check(),
    volatile: async (message) =>
      (await options.surroundings?.volatileTexts({
        message,
        window: context.state,
        attachedPaths: [],
      })) ?? [],
  });
  return { window, context };
}
