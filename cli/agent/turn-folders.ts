import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { uptime } from "node:os";
import { basename, dirname, join } from "node:path";

/** Turns of one workspace that can be taken back; the oldest goes first. */
const TURNS_MAX = 50;
/** What the turns of all workspaces may take on disk together. The newest stays in any case. */
const BYTES_MAX = 512 * 2 ** 20;

const NAME = /^(\d{15})-(\d+)(-undone)?$/u;
/** Stands in the folder of a turn that is over. */
const ENDED = "ended";

export type KeptTurn = {
  readonly folder: string;
  /** When it began, in milliseconds since 1970. */
  readonly startedMs: number;
  /** Whether the program that wrote it may still be writing. */
  readonly running: boolean;
};

/**
 * Where the checkpoints of headless turns are: a folder for each workspace, and in it one for each
 * turn. No two programs write to the same folder, so agents may work side by side without a lock.
 */
export class TurnFolders {
  readonly #all: string;
  readonly #own: string;

  /** @param root the workspace, canonical. */
  constructor(dataFolder: string, root: string) {
    this.#all = join(dataFolder, "checkpoints");
    this.#own = join(this.#all, createHash("sha256").update(root).digest("hex").slice(0, 32));
  }

  /** Makes the folder of a new turn, and drops old ones. */
  async begin(): Promise<string> {
    await mkdir(this.#own, { recursive: true });
    const folder = await this.#make(Date.now());
    await this.#prune(folder);
    return folder;
  }

  /** The turn in the folder is over; without this, it counts as running while its program lives. */
  async end(folder: string): Promise<void> {
    await writeFile(join(folder, ENDED), "");
  }

  /** The newest turn that has not been taken back; `null` when there is none. */
  async latest(): Promise<KeptTurn | null> {
    const [folder] = (await turnsIn(this.#own))
      .filter((path) => NAME.exec(basename(path))?.[3] === undefined)
      .toReversed();
    if (folder === undefined) return null;
    return { folder, startedMs: startedMsOf(folder), running: await isRunning(folder) };
  }

  /** Marks a turn as taken back. What could not be taken back stays in its folder for a while. */
  async markUndone(folder: string): Promise<string> {
    const undone = `${folder}-undone`;
    await rename(folder, undone);
    return undone;
  }

  /** Two turns that begin within a millisecond get folders of their own all the same. */
  async #make(startedMs: number): Promise<string> {
    const name = `${String(startedMs).padStart(15, "0")}-${process.pid}`;
    const folder = join(this.#own, name);
    try {
      await mkdir(folder);
      return folder;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      return await this.#make(startedMs + 1);
    }
  }

  async #prune(newest: string): Promise<void> {
    const own = (await turnsIn(this.#own)).filter((folder) => folder !== newest);
    for (const folder of own.slice(0, -(TURNS_MAX - 1))) await removeOver(folder);
    const workspaces = await foldersIn(this.#all);
    const turns = (await Promise.all(workspaces.map(turnsIn))).flat().filter((it) => it !== newest);
    const byAge = turns.toSorted((a, b) => (basename(a) < basename(b) ? -1 : 1));
    const sizes = await Promise.all(byAge.map(bytesIn));
    let bytes = sizes.reduce((sum, size) => sum + size, 0);
    for (const [index, folder] of byAge.entries()) {
      if (bytes <= BYTES_MAX) break;
      if (await removeOver(folder)) bytes -= sizes[index]!;
    }
  }
}

/** Oldest first. */
async function turnsIn(workspace: string): Promise<string[]> {
  const folders = await foldersIn(workspace);
  return folders.filter((folder) => NAME.test(basename(folder))).toSorted();
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name));
  } catch {
    // Nothing has been kept there yet, or it has just gone.
    return [];
  }
}

async function bytesIn(folder: string): Promise<number> {
  try {
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const sizes = files
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size);
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  } catch {
    return 0;
  }
}

/** Whoever is at work still needs what it has kept. Answers whether the turn was over and is gone. */
async function removeOver(folder: string): Promise<boolean> {
  if (await isRunning(folder)) return false;
  await rm(folder, { recursive: true, force: true });
  const left = await foldersIn(dirname(folder));
  if (left.length === 0) await rm(dirname(folder), { recursive: true, force: true });
  return true;
}

/** A process id from before the machine was started belongs to somebody else by now. */
async function isRunning(folder: string): Promise<boolean> {
  const bootedMs = Date.now() - uptime() * 1_000;
  if (startedMsOf(folder) < bootedMs || (await readdir(folder)).includes(ENDED)) return false;
  return isAlive(Number(NAME.exec(basename(folder))![2]));
}

function startedMsOf(folder: string): number {
  return Number(NAME.exec(basename(folder))![1]);
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
