import type { SidecarConnection } from "../../extension/client/connection.ts";
import { openWindow } from "../../extension/context/window/open-window.ts";
import { ContextWindow } from "../../extension/window/context-window.ts";
import type { FileSource } from "../../extension/window/file-source.ts";

/** A window as the editor opens one, without an editor around it. */
export function headlessWindow(options: {
  readonly connection: SidecarConnection;
  readonly files: FileSource;
  readonly id: string;
  readonly instructions: string;
  readonly isModelLoaded: boolean;
}): ContextWindow {
  const { connection, files, id, instructions, isModelLoaded } = options;
  return new ContextWindow(
    {
      connection,
      files,
      isModelLoaded: () => isModelLoaded,
      summarises: () => false,
      onNotice: (sentence) => process.stderr.write(`${sentence}\n`),
      onStale: () => undefined,
    },
    openWindow({
      id,
      instructions,
      guidance: [],
      tools: [],
      startedOn: "2026-01-01",
      transition: "agentCycle",
    }),
  );
}
