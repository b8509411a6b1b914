import { beginTurn } from "../../../extension/context/window/begin-turn.ts";
import { commit } from "../../../extension/context/window/commit.ts";
import { tellChanges } from "../../../extension/context/window/tell-changes.ts";
import type { SidecarConnection } from "../../../extension/client/connection.ts";
import { headlessWindow } from "../headless-window.ts";
import { MemoryFiles } from "../memory-files.ts";
import { CountingConnection } from "./counting-connection.ts";

const URI = "file.ts";

/** What one edit of a file cost the process that owns the window. */
export type SyncSample = {
  readonly bytes: number;
  readonly hostMs: number;
  /** On a busy machine the clock also counts the time in which others ran. */
  readonly hostCpuMs: number;
};

export type Synced = {
  /** The change written in place, as between turns. */
  readonly inPlace: readonly SyncSample[];
  /** The change told by a note, as at the beginning of a turn. */
  readonly told: readonly SyncSample[];
};

/**
 * Edits one line of a file in a window again and again. The time is that of the whole way from the
 * editor's event to the written message: reading the text, finding what changed, changing the window,
 * and comparing it with what the sidecar has.
 */
export async function measureSync(
  inner: SidecarConnection,
  fileLines: number,
  edits: number,
): Promise<Synced> {
  const connection = new CountingConnection(inner);
  const files = new MemoryFiles();
  const window = headlessWindow({
    connection,
    files,
    id: `sync-${fileLines}`,
    instructions: "You are an assistant.",
    // No token is computed here.
    isModelLoaded: false,
  });
  const lines = Array.from({ length: fileLines }, (_, line) => lineOf(line, 0));
  files.write(URI, lines.join("\n"));
  const { label, language, content } = await files.read(URI);
  const view = { label, language, content, lines: null };
  window.update((state) =>
    commit(
      beginTurn(state, { volatile: [], files: [{ uri: URI, view }], message: "What is this?" }),
    ),
  );
  await window.sync();
  await window.readFiles();

  const measure = async (edit: number, takeIn: () => Promise<void>): Promise<SyncSample> => {
    const line = (edit * 7_919) % fileLines;
    lines[line] = lineOf(line, edit);
    const text = lines.join("\n");
    const startCpu = process.cpuUsage();
    const startMs = performance.now();
    files.write(URI, text);
    await takeIn();
    const { bytes, sentMs, sentCpu } = connection.takeChange();
    return { bytes, hostMs: sentMs - startMs, hostCpuMs: cpuMs(sentCpu) - cpuMs(startCpu) };
  };
  const inPlace: SyncSample[] = [];
  const told: SyncSample[] = [];
  for (let edit = 1; edit <= edits; edit++) {
    inPlace.push(
      await measure(edit, async () => {
        await window.settle();
        await window.sync();
      }),
    );
  }
  for (let edit = edits + 1; edit <= 2 * edits; edit++) {
    told.push(
      await measure(edit, async () => {
        await window.readFiles();
        window.update(tellChanges);
        await window.sync();
      }),
    );
    await window.settle();
    await window.sync();
  }
  await window.close();
  return { inPlace, told };
}

function cpuMs({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1_000;
}

function lineOf(line: number, edit: number): string {
  return `  const value${line} = compute(${line}, ${edit}); // line ${line}`;
}
