import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { SidecarProcess } from "../../cli/sidecar-process.ts";
import { Meter, type MeterReading } from "../../protocol/meter.ts";
import { answer, open, user } from "../support/client.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kvasir-drift-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Splices an edit and waits until what became stale has been repaired. */
async function repair(sidecar: SidecarProcess, contextId: string): Promise<MeterReading> {
  const text = user("file", "The colour is red. ".repeat(30));
  await open(sidecar, contextId, [user("note", "Red it is."), text]);
  await answer(sidecar, contextId, 1);
  await open(sidecar, contextId, [user("note", "Blue it shall be, from now on."), text]);
  const spliced = await answer(sidecar, contextId, 1, { reuse: "splice" });
  expect(spliced.reading?.staleSince[0]?.text).toMatch(/^Blue/u);
  // One listener at a time hears of it, so this one comes after that of the answer.
  const reading = await new Promise<MeterReading>((resolve) => {
    sidecar.onNotification(Meter, resolve);
  });
  return reading;
}

test("what repairs have found on a model outlives the sidecar", async () => {
  const driftFile = join(folder, "drift.json");
  const config = { path: await ensureModel("tiny"), windowTokens: 2048, gpuLayers: 0, threads: 1 };
  for (const repairs of [1, 2]) {
    const sidecar = await SidecarProcess.start(config, { driftFile });
    const { drift, usage, staleSince } = await repair(sidecar, "chat");
    expect([usage.staleTokens, staleSince]).toEqual([0, []]);
    expect(drift!.statistics.repairs).toBe(repairs);
    await sidecar.stop();
  }
});
