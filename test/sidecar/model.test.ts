import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { SidecarProcess } from "../../cli/sidecar-process.ts";
import {
  ConfigureModel,
  LoadModel,
  type ModelConfig,
  type ModelStatus,
  ModelStatusChanged,
} from "../../protocol/model.ts";
import type { Segment } from "../../protocol/segment.ts";
import { answer, errorOf, open, startSidecar, user } from "../support/client.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kvasir-model-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

test("loading reports its progress and ends with the facts", async () => {
  const sidecar = await startSidecar("tiny");
  const statuses = watch(sidecar);
  const facts = await sidecar.requestBare(LoadModel);
  expect(facts).toMatchObject({ name: "kvasir-tiny", windowTokens: 2048, trainedTokens: 8192 });
  expect(statuses[0]).toMatchObject({ state: "loading", share: 0 });
  expect(statuses.at(-1)).toEqual({ state: "ready", facts });
  await sidecar.stop();
});

describe("a model that cannot be used", () => {
  const cases: [string, (good: string) => Promise<ModelConfig>, string][] = [
    ["that is not chosen", async () => ({ path: null }), "modelNotSet"],
    ["that is missing", async () => ({ path: join(folder, "none.gguf") }), "modelMissing"],
    ["that is no model", async () => ({ path: await junk() }), "modelUnreadable"],
    ["in a context of 0", async (path) => ({ path, windowTokens: 0 }), "badSetting"],
    ["in too long a context", async (path) => ({ path, windowTokens: 9000 }), "badSetting"],
  ];

  test.each(cases)("%s gets a typed error, and the next one works", async (_, config, kind) => {
    const good = await ensureModel("tiny");
    const sidecar = await SidecarProcess.start({
      gpuLayers: 0,
      threads: 1,
      ...(await config(good)),
    });
    await open(sidecar, "kept", [user("u1", "What I typed is kept.")]);
    const statuses = watch(sidecar);
    expect(await errorOf(answer(sidecar, "kept", 1))).toMatchObject({ kind });
    const failed = kind === "modelNotSet" ? undefined : "failed";
    expect(statuses.findLast(({ state }) => state === "failed")?.state).toBe(failed);
    await sidecar.request(ConfigureModel, { path: good, gpuLayers: 0, threads: 1 });
    const served = await answer(sidecar, "kept", 1);
    expect(served.usage.promptTokens).toBeGreaterThan(0);
    await sidecar.stop();
  });
});

test("an idle model leaves memory and comes back with the next request", async () => {
  const sidecar = await startSidecar("tiny", { keepAliveMs: 50 });
  const statuses = watch(sidecar);
  await open(sidecar, "idle", [user("u1", "Hello.")]);
  const first = await answer(sidecar, "idle", 1);
  await until(() => statuses.at(-1)?.state === "unloaded");
  const second = await answer(sidecar, "idle", 1);
  expect(second.usage.prefixTokens).toBe(0);
  expect(second.generated.tokens).toEqual(first.generated.tokens);
  expect(second.events.some((event) => event.kind === "loading")).toBe(true);
  await sidecar.stop();
});

test("another model takes over, and ids of the first are not shown to it", async () => {
  const sidecar = await startSidecar("tiny");
  await open(sidecar, "switch", [user("u1", "Hello.")]);
  const first = await answer(sidecar, "switch", 1);
  await sidecar.request(ConfigureModel, {
    path: await ensureModel("tiny-reasoning"),
    gpuLayers: 0,
    threads: 1,
  });
  const second = await answer(sidecar, "switch", 1);
  expect(second.generated.fingerprint).not.toBe(first.generated.fingerprint);
  expect(second.usage.prefixTokens).toBe(0);
  await sidecar.stop();
});

test.each([
  ["tiny-reasoning", "tiny"],
  ["tiny", "tiny-reasoning"],
])("a conversation with thoughts of %s goes on with %s", async (before, after) => {
  const sidecar = await startSidecar(before);
  await open(sidecar, "first", [user("u1", "Hello.")]);
  const { generated } = await answer(sidecar, "first", 1);
  const path = await ensureModel(after);
  await sidecar.request(ConfigureModel, { path, gpuLayers: 0, threads: 1 });
  const facts = await sidecar.requestBare(LoadModel);
  expect(facts.fingerprint).not.toBe(generated.fingerprint);
  const thoughtful: Segment = {
    id: "a1",
    role: "assistant",
    kind: "answer",
    stability: "recent",
    text: "Hello to you.",
    reasoning: "I am greeted, so I greet.",
    generated,
  };
  await open(sidecar, "with", [user("u1", "Hello."), thoughtful, user("u2", "Go on.")]);
  const { reasoning: _, generated: __, ...plain } = thoughtful;
  await open(sidecar, "without", [user("u1", "Hello."), plain, user("u2", "Go on.")]);
  const [served, expected] = [
    await answer(sidecar, "with", 1),
    await answer(sidecar, "without", 1),
  ];
  // Neither template writes thoughts of turns that are over.
  expect(served.usage.promptTokens).toBe(expected.usage.promptTokens);
  expect(served.generated.tokens).toEqual(expected.generated.tokens);
  await sidecar.stop();
});

async function junk(): Promise<string> {
  const path = join(folder, "junk.gguf");
  await writeFile(path, "This is a text file with a misleading name, and no model at all.");
  return path;
}

function watch(sidecar: SidecarProcess): ModelStatus[] {
  const statuses: ModelStatus[] = [];
  sidecar.onNotification(ModelStatusChanged, (status) => statuses.push(status));
  return statuses;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
