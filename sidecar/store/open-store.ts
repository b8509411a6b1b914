import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isIndexWhole } from "./index-file.ts";
import { isAlive } from "./is-alive.ts";
import { StoreFolder, type StoreSettings } from "./store-folder.ts";
import { StorePaths } from "./store-paths.ts";
import { sweep } from "./sweep.ts";

const MARK = /^opening-(\d+)$/u;

/**
 * Opens a store and brings its files and its index together. An index that cannot be used is begun
 * anew, and the files tell it what they are: one that is cut off or overwritten, and one that a
 * process was opening when it died, because damage deep in it would kill every process that opens
 * it. Beginning anew costs no more than the pins and the order of use.
 */
export function openStore(settings: StoreSettings, nowMs: number): StoreFolder {
  const paths = new StorePaths(settings.folder);
  mkdirSync(paths.form, { recursive: true });
  const suspicious = diedOpening(paths.form) || !isIndexWhole(join(paths.index, "data.mdb"));
  if (suspicious) rmSync(paths.index, { recursive: true, force: true });
  const mark = join(paths.form, `opening-${process.pid}`);
  writeFileSync(mark, "");
  const store = new StoreFolder(settings);
  sweep(store, nowMs);
  rmSync(mark, { force: true });
  return store;
}

/** Whether there is a mark of a process that is no more; it is taken away. */
function diedOpening(folder: string): boolean {
  let died = false;
  for (const name of readdirSync(folder)) {
    const processId = MARK.exec(name)?.[1];
    if (processId === undefined || isAlive(Number(processId))) continue;
    rmSync(join(folder, name), { force: true });
    died = true;
  }
  return died;
}
