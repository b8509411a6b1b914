import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { verify } from "../../sidecar/store/maintenance.ts";
import { openStore } from "../../sidecar/store/open-store.ts";
import { runVictim } from "../support/run-victim.ts";
import type { VictimTask } from "../support/store-victim.ts";
import { ROOMY } from "../support/stored-cells.ts";

/** About three of the six prompts. */
const BUDGET_BYTES = 600_000;
const ROUNDS = 8;
/** Less than the 64 kilobytes of a block, more than the index: in units of 1,024 bytes. */
const FILE_KILOBYTES_MAX = 56;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-processes-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

it("two processes that save, evict and restore at once answer exactly and leave a sound store", async () => {
  const task = { folder, budgetBytes: BUDGET_BYTES, rounds: ROUNDS };
  // A victim fails when one of its answers is not that of a fresh prefill.
  const reports = await Promise.all([
    runVictim({ ...task, seed: 0 }),
    runVictim({ ...task, seed: 3 }),
  ]);
  expect(reports.map(({ phase }) => phase)).toEqual(["done", "done"]);
  const store = openStore({ ...ROOMY, folder }, Date.now());
  expect(verify(store)).toMatchObject({ clean: true });
  expect(store.index.bytes).toBeLessThanOrEqual(BUDGET_BYTES);
  await store.close();
});

it("a process finds what the one before it has saved", async () => {
  const task: VictimTask = { folder, budgetBytes: 1 << 30, rounds: 6, seed: 0 };
  const first = await runVictim(task);
  const second = await runVictim(task);
  expect(second.restoredTokens).toBeGreaterThan(first.restoredTokens);
});

it.skipIf(process.platform === "win32")(
  "a disk that takes no more leaves exact answers, no files and a sound store",
  async () => {
    const victim = fileURLToPath(new URL("../support/store-victim.ts", import.meta.url));
    const task: VictimTask = { folder, budgetBytes: 1 << 30, rounds: 3, seed: 0 };
    const script = `ulimit -f ${FILE_KILOBYTES_MAX}; exec "$0" "$@"`;
    const run = spawnSync("bash", ["-c", script, process.execPath, victim, JSON.stringify(task)], {
      encoding: "utf8",
    });
    expect(run.stderr).toContain("write error: File too large");
    expect(run.status).toBe(0);
    const store = openStore({ ...ROOMY, folder }, Date.now());
    // Only the shorter last blocks of prompts fit, and without what is before them they are not saved.
    expect(verify(store)).toMatchObject({ clean: true, blocks: 0 });
    expect(readdirSync(store.paths.temporary)).toEqual([]);
    await store.close();
  },
);
