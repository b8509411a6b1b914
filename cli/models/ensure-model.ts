import { randomUUID } from "node:crypto";
import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { defaultModelFolder } from "./cache-folder.ts";
import { catalogue, isModelName } from "./catalogue.ts";
import type { PlannedModel } from "./model-file.ts";
import { planModel } from "./model-file.ts";

export class UnknownModelError extends Error {
  override readonly name = "UnknownModelError";
}

export class DiskSpaceError extends Error {
  override readonly name = "DiskSpaceError";
}

export interface EnsureModelOptions {
  /** Where models are kept, in place of the default cache folder. */
  readonly folder?: string;
  /** Measures the space left in a folder, in place of asking the file system. */
  readonly measureFreeBytes?: (folder: string) => Promise<number>;
}

// A full disk harms more than this model, so some space has to be left over.
const spareBytes = 64 * 1024 * 1024;

async function measureFreeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

function isComplete(path: string, bytesTotal: number): boolean {
  return statSync(path, { throwIfNoEntry: false })?.size === bytesTotal;
}

function inMegabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_000_000)} MB`;
}

// Two processes may write the same model at once. Each has its own temporary file, and the last
// rename wins with the same bytes. Windows refuses to replace a file that is open, which does no harm
// when the other process has put a complete file there.
function writeThroughTemporaryFile(path: string, model: PlannedModel): void {
  const temporaryPath = `${path}.${randomUUID()}.tmp`;
  try {
    model.write(temporaryPath);
    renameSync(temporaryPath, path);
  } catch (error) {
    if (!isComplete(path, model.bytesTotal)) throw error;
  } finally {
    rmSync(temporaryPath, { force: true });
  }
}

/** Returns the path of a model of the catalogue, generating its file when it is not there yet. */
export async function ensureModel(name: string, options: EnsureModelOptions = {}): Promise<string> {
  if (!isModelName(name)) {
    const names = Object.keys(catalogue).join(", ");
    throw new UnknownModelError(`There is no test model "${name}"; the models are ${names}.`);
  }
  const folder = options.folder ?? defaultModelFolder();
  const model = planModel(name, catalogue[name]);
  const path = join(folder, model.fileName);
  if (isComplete(path, model.bytesTotal)) return path;
  mkdirSync(folder, { recursive: true });
  const freeBytes = await (options.measureFreeBytes ?? measureFreeBytes)(folder);
  if (freeBytes < model.bytesTotal + spareBytes) {
    throw new DiskSpaceError(
      `The model "${name}" needs ${inMegabytes(model.bytesTotal + spareBytes)} of disk space ` +
        `and ${folder} has only ${inMegabytes(freeBytes)} left.`,
    );
  }
  // Another call in this process may have written the file during the measurement.
  if (!isComplete(path, model.bytesTotal)) writeThroughTemporaryFile(path, model);
  return path;
}
