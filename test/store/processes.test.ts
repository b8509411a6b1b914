import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { verify } from "../../sidecar/store/maintenance.ts";
import { openStore } from "../../sidecar/store/open-store.ts";
import { StoreFolder } from "../../sidecar/store/store-folder.ts";
import { runVictim } from "../support/run-victim.ts";
import type { VictimTask } from "../support/store-victim.ts";
import { ROOMY } from "../support/stored-cells.ts";

/** About three of the six prompts. */
const BUDGET_BYTES = 600_000;
const ROUNDS = 8;
/** One is stored in blocks, the other one's state as a whole. */
const MODELS = [
  ["tiny", "tiny"],
  ["tiny-lfm2", "tiny-lfm2"],
  ["tiny", "tiny-lfm2"],
] as const;
const ENDLESS = { budgetBytes: 1 << 30 };
/** Room for the index and a few blocks of 64 kilobytes. */
const DISK_KILOBYTES = 400;
/** A disk of one's own to fill takes a system that lets anyone mount one. */
const canMount = spawnSync("unshare", ["-Urm", "true"]).status === 0;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-processes-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

it.each(MODELS)(
  "two processes that save, evict and restore at once answer exactly and leave a sound store: %s and %s",
  async (...models) => {
    const task = { folder, budgetBytes: BUDGET_BYTES, rounds: ROUNDS };
    // A victim fails when one of its answers is not that of a fresh prefill.
    const reports = await Promise.all([
      runVictim({ ...task, model: models[0], seed: 0 }),
      runVictim({ ...task, model: models[1], seed: 3 }),
    ]);
    expect(reports.map(({ phase }) => phase)).toEqual(["done", "done"]);
    const store = openStore({ ...ROOMY, folder }, Date.now());
    expect(verify(store)).toMatchObject({ clean: true });
    expect(store.index.bytes).toBeLessThanOrEqual(BUDGET_BYTES);
    await store.close();
  },
);

it.each(["tiny", "tiny-lfm2"] as const)(
  "a process finds what the one before it has saved of %s",
  async (model) => {
    const task: VictimTask = { folder, model, ...ENDLESS, rounds: 6, seed: 0 };
    const first = await runVictim(task);
    const second = await runVictim(task);
    expect(second.restoredTokens).toBeGreaterThan(first.restoredTokens);
  },
);

it.skipIf(!canMount).each(["tiny", "tiny-lfm2"] as const)(
  "a disk that is full leaves exact answers of %s and a sound store",
  async (model) => {
    const victim = fileURLToPath(new URL("../support/store-victim.ts", import.meta.url));
    const task: VictimTask = { folder: `${folder}/disk/s`, model, ...ENDLESS, rounds: 6, seed: 0 };
    // The disk is gone with its name space, so what is on it is copied before.
    const script = `mkdir "$0/disk" && mount -t tmpfs -o size=${DISK_KILOBYTES}k none "$0/disk" && "$@" && cp -r "$0/disk/s" "$0/copy"`;
    const run = spawnSync(
      "unshare",
      ["-Urm", "sh", "-c", script, folder, process.execPath, victim, JSON.stringify(task)],
      { encoding: "utf8" },
    );
    // A victim fails when one of its answers is not that of a fresh prefill.
    expect(run.status).toBe(0);
    // A state is only written where there is room for the whole of it.
    expect(run.stderr.includes("No space left on device")).toBe(model === "tiny");
    const asLeft = new StoreFolder({ ...ROOMY, folder: join(folder, "copy") });
    const verified = verify(asLeft);
    expect(verified).toMatchObject({ clean: true, bytes: asLeft.index.bytes });
    expect(verified.blocks).toBeGreaterThan(0);
    expect(verified.bytes).toBeLessThan(DISK_KILOBYTES * 1024);
    expect(readdirSync(asLeft.paths.temporary)).toEqual([]);
    await asLeft.close();
  },
);
