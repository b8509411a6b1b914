import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { Conversation } from "../../extension/client/conversation.ts";
import { append } from "../../extension/context/change.ts";
import { type ContextState, emptyContext } from "../../extension/context/state.ts";
import {
  ClearStore,
  ConfigureStore,
  PruneStore,
  ShowStore,
  type StoreChoice,
  VerifyStore,
} from "../../protocol/store.ts";
import type { Usage } from "../../protocol/usage.ts";
import { errorOf, startSidecar, system, user } from "../support/client.ts";

/** What a template puts around a message and behind an answer. */
const FRAME_TOKENS_MAX = 16;
const SAVED_MS_MAX = 20_000;

let folder: string;
let running: Set<SidecarProcess>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-sidecar-store-"));
  running = new Set();
});
afterEach(async () => {
  await Promise.all([...running].map((sidecar) => sidecar.stop()));
  rmSync(folder, { recursive: true });
});

async function start(
  store: StoreChoice = { folder, freeSpaceMb: 0 },
  model = "tiny",
): Promise<SidecarProcess> {
  const sidecar = await startSidecar(model, {}, { store });
  running.add(sidecar);
  return sidecar;
}

const file = Array.from({ length: 60 }, (_, line) => `const value${line} = ${line};`).join("\n");
const opening = append(emptyContext("chat"), [system("You are brief."), user("file", file)]);

async function ask(
  sidecar: SidecarProcess,
  state: ContextState,
  message: string,
): Promise<{ readonly state: ContextState; readonly usage: Usage; readonly text: string }> {
  const id = `question ${state.segments.length}`;
  const conversation = new Conversation(sidecar, append(state, [user(id, message)]));
  const { usage, segment } = await conversation.generate({
    sampling: { temperature: 0 },
    maxTokens: 24,
  });
  return { state: conversation.state, usage, text: segment.text };
}

async function untilSaved(sidecar: SidecarProcess): Promise<void> {
  const deadlineMs = performance.now() + SAVED_MS_MAX;
  while ((await sidecar.requestBare(ShowStore)).blocks === 0) {
    if (performance.now() > deadlineMs) throw new Error("Nothing was saved.");
    await delay(50);
  }
}

describe("a sidecar with a store", () => {
  // Their cells are stored in blocks, as a window, and as the state of a recurrence.
  it.each(["tiny", "tiny-gemma3", "tiny-mamba"])(
    "has %s go on after a restart, and prefills the message alone",
    async (model) => {
      const place = { folder, freeSpaceMb: 0 };
      const first = await start(place, model);
      const before = await ask(first, opening, "What is value7?");
      await first.stop();
      const second = await start(place, model);
      const after = await ask(second, before.state, "And value8?");
      // What is sampled last is not resident.
      const resident = before.usage.promptTokens + before.usage.generatedTokens - 1;
      expect(after.usage).toMatchObject({ restoredTokens: resident, prefixTokens: 0 });
      expect(after.usage.prefilledTokens).toBe(after.usage.promptTokens - resident);
      expect(after.usage.prefilledTokens).toBeLessThan(8 + FRAME_TOKENS_MAX);
      const fresh = await start(null, model);
      const again = await ask(fresh, before.state, "And value8?");
      expect(again.usage.restoredTokens).toBe(0);
      expect(again.text).toBe(after.text);
    },
  );

  it("saves while nobody asks, so that a kill costs less than a block", async () => {
    const first = await start();
    const { state, usage } = await ask(first, opening, "What is value7?");
    await untilSaved(first);
    await first.requestBare(VerifyStore);
    process.kill(first.processId!, "SIGKILL");
    await first.stop();
    running.delete(first);
    const after = await ask(await start(), state, "And value8?");
    expect(after.usage.restoredTokens).toBeGreaterThanOrEqual(usage.promptTokens - 256);
  });

  it("reads back what left memory because the model was idle", async () => {
    const sidecar = await startSidecar(
      "tiny",
      { keepAliveMs: 50 },
      { store: { folder, freeSpaceMb: 0 } },
    );
    running.add(sidecar);
    const first = await ask(sidecar, opening, "What is value7?");
    await untilSaved(sidecar);
    const { usage } = await ask(sidecar, first.state, "And value8?");
    expect(usage.restoredTokens + usage.prefixTokens).toBeGreaterThan(first.usage.promptTokens);
  });

  it("tells what is stored, verifies, prunes and clears it", async () => {
    const sidecar = await start();
    await ask(sidecar, opening, "What is value7?");
    await untilSaved(sidecar);
    const shown = await sidecar.requestBare(ShowStore);
    expect(shown).toMatchObject({ folder, models: [{ blocks: shown.blocks }] });
    expect(await sidecar.requestBare(VerifyStore)).toMatchObject({ clean: true, damaged: [] });
    expect(await sidecar.requestBare(PruneStore)).toEqual({ blocks: 0, bytes: 0 });
    const blocks = join(folder, "v1", "blocks");
    const [identity] = readdirSync(blocks);
    const [name] = readdirSync(join(blocks, identity!));
    writeFileSync(join(blocks, identity!, name!), "damaged");
    expect((await sidecar.requestBare(VerifyStore)).damaged).toHaveLength(1);
    expect((await sidecar.requestBare(ClearStore)).blocks).toBe(shown.blocks - 1);
    expect((await sidecar.requestBare(ShowStore)).blocks).toBe(0);
  });

  it("keeps what every chat begins with again after it was cleared", async () => {
    const sidecar = await start();
    const rules = append(emptyContext("ruled"), [system(file)]);
    const first = await ask(sidecar, rules, "What is value7?");
    await untilSaved(sidecar);
    await sidecar.requestBare(ClearStore);
    await ask(sidecar, first.state, "And value8?");
    await untilSaved(sidecar);
    expect((await sidecar.requestBare(ShowStore)).pinnedBytes).toBeGreaterThan(0);
  });

  it("takes another folder while it runs, and keeps there what it has in memory", async () => {
    const sidecar = await start();
    await ask(sidecar, opening, "What is value7?");
    await untilSaved(sidecar);
    const other = join(folder, "other");
    await sidecar.request(ConfigureStore, { store: { folder: other, freeSpaceMb: 0 } });
    await untilSaved(sidecar);
    expect((await sidecar.requestBare(ShowStore)).folder).toBe(other);
    await sidecar.request(ConfigureStore, { store: null });
    expect(await errorOf(sidecar.requestBare(ShowStore))).toMatchObject({
      kind: "storeUnavailable",
    });
  });

  it("answers without a store that cannot be used", async () => {
    const notFolder = join(folder, "file");
    writeFileSync(notFolder, "");
    const sidecar = await start({ folder: notFolder });
    const { usage } = await ask(sidecar, opening, "What is value7?");
    expect(usage).toMatchObject({ restoredTokens: 0 });
    expect(await errorOf(sidecar.requestBare(ShowStore))).toMatchObject({
      kind: "storeUnavailable",
    });
  });

  it("refuses a configuration that makes no sense", async () => {
    const sidecar = await start();
    const store = { folder, budgetMb: -1 };
    expect(await errorOf(sidecar.request(ConfigureStore, { store }))).toMatchObject({
      kind: "badRequest",
    });
  });
});
