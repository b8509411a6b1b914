import type { MemoryFiles } from "../../cli/bench/memory-files.ts";
import type { SidecarConnection } from "../../extension/client/connection.ts";
import { openWindow, type OpeningOptions } from "../../extension/context/window/open-window.ts";
import type { ShownFile } from "../../extension/context/window/show-files.ts";
import { ContextWindow, type ContextWindowOptions } from "../../extension/window/context-window.ts";

type Options = Partial<OpeningOptions & Omit<ContextWindowOptions, "connection" | "files">>;

/** A window without an editor. */
export function windowOver(
  connection: SidecarConnection,
  files: MemoryFiles,
  options: Options = {},
): ContextWindow {
  const opening = {
    id: "w",
    instructions: "Be brief.",
    guidance: [],
    tools: [],
    startedOn: "2026-01-31",
    transition: "agentCycle",
    isModelLoaded: () => true,
    summarises: () => false,
    onNotice: () => undefined,
    onStale: () => undefined,
    ...options,
  } as const;
  return new ContextWindow({ ...opening, connection, files }, openWindow(opening));
}

/** A whole file, as it is attached to a message. */
export async function attached(files: MemoryFiles, uri: string): Promise<ShownFile> {
  const { label, language, content } = await files.read(uri);
  return { uri, view: { label, language, content, lines: null } };
}
