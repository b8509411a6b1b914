import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import type { StoreConfig } from "../../protocol/store.ts";
import type { Usage } from "../../protocol/usage.ts";
import { storePlace } from "../../sidecar/store/store-place.ts";
import { answer, open, startSidecar, system, user } from "../support/client.ts";
import { expectSound, killsOr } from "../support/sound-store.ts";

const KILLS = killsOr(4);
const KILL_MS_MAX = 60_000;
/**
 * Answers take some tenths of a second here and saving begins half a second after the last one, so
 * kills fall into restoring, prefilling, answering, saving, evicting and nothing at all.
 */
const DELAY_MS_MAX = 3_000;
const CHATS = 3;
/** About two of the chats, so that keeping one costs another its blocks. */
const BUDGET_MB = 0.45;
const ANSWER_TOKENS = 24;

let folder: string;
let store: StoreConfig;
/** What a model says that has read the chat from its beginning. */
const exact: (readonly number[])[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-sidecar-kills-"));
  store = { folder, budgetMb: BUDGET_MB, freeSpaceMb: 0 };
  const fresh = await startSidecar("tiny");
  for (let chat = 0; chat < CHATS; chat++) exact.push((await ask(fresh, chat)).tokens);
  await fresh.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

it(
  `leaves a sound store and exact answers after each of ${KILLS} kills of the sidecar`,
  { timeout: KILLS * KILL_MS_MAX },
  async () => {
    let restoredTokens = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const victim = await startSidecar("tiny", {}, { store });
      const failed = work(victim, kill).catch((error: unknown) => error);
      // Nothing goes wrong before the kill.
      expect(await Promise.race([failed, delay(Math.random() * DELAY_MS_MAX, null)])).toBeNull();
      process.kill(victim.processId!, "SIGKILL");
      await failed;
      await victim.stop();
      await expectSound(storePlace(store));
      const next = await startSidecar("tiny", {}, { store });
      const { tokens, usage } = await ask(next, kill % CHATS);
      expect(tokens).toEqual(exact[kill % CHATS]);
      restoredTokens += usage.restoredTokens;
      await next.stop();
      await expectSound(storePlace(store));
    }
    // Otherwise the answers above would be exact because all was computed anew.
    expect(restoredTokens).toBeGreaterThan(0);
  },
);

/** Asks one chat after another, with pauses in which the sidecar saves, until it is killed. */
async function work(sidecar: SidecarProcess, first: number): Promise<never> {
  for (let turn = first; ; turn++) {
    await ask(sidecar, turn % CHATS, 1 + turn);
    await delay(Math.random() * 800);
  }
}

async function ask(
  sidecar: SidecarProcess,
  chat: number,
  version = 1,
): Promise<{ readonly tokens: readonly number[]; readonly usage: Usage }> {
  const text = Array.from({ length: 50 }, (_, line) => `const chat${chat}line${line} = 1;`);
  const segments = [system(`You are number ${chat}.`), user("file", text.join("\n"))];
  const id = `chat${chat}-${version}`;
  await open(sidecar, id, segments);
  const said = await answer(sidecar, id, 1, { maxTokens: ANSWER_TOKENS });
  return { tokens: said.generated.tokens, usage: said.usage };
}
