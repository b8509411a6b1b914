import { readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describeBlockFile } from "./block-file.ts";
import { isAlive } from "./is-alive.ts";
import type { StoreFolder } from "./store-folder.ts";

/** A file that is being written is younger, whoever writes it. */
const TEMPORARY_MS_MAX = 3_600_000;
const BLOCK_NAME = /^([0-9a-f]{64})\.kv$/u;

export type Swept = {
  /** Unfinished files of processes that are no more. */
  readonly temporaryFiles: number;
  /** Complete files that the index did not know and knows now. */
  readonly adopted: number;
  /** Other files, deleted. */
  readonly deleted: number;
  /** Entries whose file is gone, forgotten. */
  readonly forgotten: number;
};

/** Tidies up behind processes that were killed, so that files and index agree. */
export function sweep(store: StoreFolder, nowMs: number): Swept {
  const temporaryFiles = sweepTemporary(store.paths.temporary, nowMs);
  // Exclusive, so that no process is between naming a file and entering it.
  return store.index.transaction(() => {
    const present = new Set<string>();
    let adopted = 0;
    let deleted = 0;
    for (const identity of foldersIn(store.paths.blocks)) {
      for (const name of readdirSync(store.paths.ofIdentity(identity))) {
        const path = join(store.paths.ofIdentity(identity), name);
        const hash = BLOCK_NAME.exec(name)?.[1];
        const record = hash === undefined ? undefined : store.index.get(hash);
        const known = record?.identity === identity;
        const described = hash === undefined || known ? null : describeBlockFile(path);
        if (described?.kind === "usable" && described.block.hash === hash) {
          store.enter(identity, described.block, described.bytes, nowMs);
          adopted++;
        } else if (!known) {
          rmSync(path, { force: true, recursive: true });
          deleted++;
          continue;
        }
        if (hash !== undefined) present.add(hash);
      }
    }
    const gone = store.index.all().filter(({ hash }) => !present.has(hash));
    for (const { hash } of gone) store.index.remove(hash);
    return { temporaryFiles, adopted, deleted, forgotten: gone.length };
  });
}

function foldersIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

function sweepTemporary(folder: string, nowMs: number): number {
  let removed = 0;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const processId = Number(name.split("-")[0]);
    const age = nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? nowMs);
    if (isAlive(processId) && age < TEMPORARY_MS_MAX) continue;
    rmSync(path, { force: true });
    removed++;
  }
  return removed;
}
