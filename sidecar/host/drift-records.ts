import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { DriftStatistics } from "../../protocol/meter.ts";
import { type DriftLog, withDrift } from "../turn/drift.ts";

/** Models whose drift is kept. The one that was repaired least recently is forgotten first. */
const MODELS_MAX = 32;

type Records = ReadonlyMap<string, DriftStatistics>;

/**
 * What repairs have found on each model, by its fingerprint: it outlives the loaded model, and with
 * a file also the sidecar. Nothing depends on it but what people are shown, so a file that cannot be
 * read counts as empty. It is written in one go, seldom and while nobody waits for the model.
 */
export class DriftRecords {
  readonly #path: string | null;
  #records: Records = new Map();

  constructor(path: string | null) {
    this.#path = path;
  }

  logOf(fingerprint: string): DriftLog {
    return (latest) => {
      // Another window may have written meanwhile.
      const records = new Map(this.#path === null ? this.#records : read(this.#path));
      const statistics = withDrift(records.get(fingerprint) ?? null, latest);
      records.delete(fingerprint);
      records.set(fingerprint, statistics);
      this.#records = new Map([...records].slice(-MODELS_MAX));
      if (this.#path !== null) write(this.#path, this.#records);
      return statistics;
    };
  }
}

function read(path: string): Records {
  try {
    const entries = Object.entries(JSON.parse(readFileSync(path, "utf8")) as object);
    const records = new Map<string, DriftStatistics>();
    for (const [fingerprint, found] of entries) {
      const parsed = DriftStatistics.safeParse(found);
      if (parsed.success) records.set(fingerprint, parsed.data);
    }
    return records;
  } catch {
    return new Map();
  }
}

function write(path: string, records: Records): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    replaceFile(path, JSON.stringify(Object.fromEntries(records)));
  } catch (error) {
    process.stderr.write(`The drift of the model could not be kept: ${String(error)}\n`);
  }
}

/** Readers find the old text or the new one. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
