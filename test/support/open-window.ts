import type { MemoryFiles } from "../../cli/bench/memory-files.ts";
import type { SidecarConnection } from "../../extension/client/connection.ts";
import { openWindow, type OpeningOptions } from "../../extension/context/window/open-window.ts";
import type { ShownFile } from "../../extension/context/window/show-files.ts";
import { ContextWindow } from "../../extension/window/context-window.ts";

/** A window without an editor. */
export function windowOver(
  connection: SidecarConnection,
  files: MemoryFiles,
  options: Partial<OpeningOptions> & { readonly onStale?: () => void } = {},
): ContextWindow {
  const { onStale = () => undefined, ...opening } = options;
  const opened = openWindow({
    id: "w",
    instructions: "Be brief.",
    guidance: [],
    tools: [],
    startedOn: "2026-01-31",
    transition: "agentCycle",
    ...opening,
  });
  return new ContextWindow({ connection, files, onStale }, opened);
}

/** A whole file, as it is attached to a message. */
export async function attached(files: MemoryFiles, uri: string): Promise<ShownFile> {
  const { label, language, content } = await files.read(uri);
  return { uri, view: { label, language, content, lines: null } };
}
