import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import type { MeterColumn } from "./support/meter.ts";
import { isAlive } from "./support/processes.ts";
import { Session } from "./support/session.ts";
import { RELOAD_TEST_MS_MAX, reloadWithChat } from "./support/stored-chats.ts";
import { waitFor } from "./support/wait-for.ts";

const FILE = "prices.ts";
const LINES = Array.from(
  { length: 60 },
  (_, line) => `export const price${line} = ${line * 7}; // what item ${line} costs, in cents`,
);
/** The model is loaded for it. */
const READ_BACK_MS_MAX = 60_000;
/** What a short question takes with all that the template and the layout put around it. */
const QUESTION_TOKENS_MAX = 60;
/** What a window leaves in its last second is kept in whole blocks at least, and to the last token if there is time. */
const BLOCK_TOKENS = 256;

describe("a chat whose model has been kept on disk", () => {
  let session: Session;
  let window: EditorWindow;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "kvasir-editor-store-"));
    session = await Session.start({
      settings: {
        "kvasir.store.enabled": true,
        "kvasir.store.folder": folder,
        "kvasir.store.freeSpaceMb": 0,
        "kvasir.chat.loadAtStart": "never",
      },
    });
    window = await session.openWindow(session.makeWorkspace({ [FILE]: LINES.join("\n") }), FILE);
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(async () => {
    await session?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    "is answered from disk after the window is reloaded, and prefills only what is not there",
    async () => {
      await window.attachOpenFile();
      await window.ask("@kvasir What are these?");
      await window.waitForStatus(/cached/);
      const { lastTurn: before } = await window.meter();
      expect(before.restoredTokens).toBe(0);
      await reload();
      await window.ask("And what do they cost?");
      await window.waitForStatus(/^[1-9]\d% cached$/);
      const { lastTurn } = await window.meter();
      const { restoredTokens } = lastTurn;
      expectKept(restoredTokens, before);
      expect(lastTurn.reusedTokens).toBe(restoredTokens);
      const lost = residentTokens(before) - restoredTokens;
      expect(lastTurn.prefilledTokens).toBeLessThan(lost + QUESTION_TOKENS_MAX);
      await window.clickStatus();
      const meterPage = window.page
        .frameLocator("iframe.webview.ready")
        .frameLocator("#active-frame")
        .locator("body");
      await meterPage.getByText("from disk").first().waitFor();
      await window.screenshot("k-answered-from-disk");
    },
    RELOAD_TEST_MS_MAX,
  );

  it(
    "is read back before it is asked when it was used within the last hour",
    async () => {
      const { lastTurn: before } = await window.meter();
      await window.probe.call("configure", { "kvasir.chat.loadAtStart": "recent" });
      await reload();
      const { restoredTokens, prefilledTokens } = await waitFor(
        "the chat to be read back",
        async () => {
          const { lastTurn } = await window.meter();
          return lastTurn.restoredTokens > 0 ? lastTurn : null;
        },
        READ_BACK_MS_MAX,
      );
      expectKept(restoredTokens, before);
      expect(prefilledTokens).toBe(0);
      await window.ask("And in dollars?");
      const { lastTurn } = await waitFor("the answer's turn", async () => {
        const meter = await window.meter();
        return meter.lastTurn.generatedTokens > 0 ? meter : null;
      });
      expect(lastTurn).toMatchObject({ restoredTokens: 0, reusedTokens: restoredTokens });
      await window.screenshot("k-read-back-at-start");
    },
    RELOAD_TEST_MS_MAX,
  );

  it("shows, verifies and clears what is kept", async () => {
    await window.runCommand("Kvasir: Show Store");
    const dialog = window.page.getByRole("dialog");
    await dialog.getByText(/Kvasir keeps [\d,]+ tokens on disk/).waitFor();
    expect(await dialog.innerText()).toContain(folder);
    await window.screenshot("k-show-store");
    await dialog.getByRole("button", { name: "OK" }).click();
    await window.runCommand("Kvasir: Verify Store");
    await window.page
      .getByText(/All that Kvasir keeps on disk is as it was stored/)
      .first()
      .waitFor();
    await window.runCommand("Kvasir: Prune Store");
    await window.page
      .getByText(/nothing on disk that cannot be used again/)
      .first()
      .waitFor();
    await window.runCommand("Kvasir: Clear Store");
    await dialog.getByRole("button", { name: "Clear Store" }).click();
    await window.page
      .getByText(/Removed \d+ blocks .* from disk/)
      .first()
      .waitFor();
    await window.screenshot("k-cleared-store");
  });

  /** All but the last token of the answer, which was sampled and not evaluated. */
  function residentTokens({ reusedTokens, prefilledTokens, generatedTokens }: MeterColumn): number {
    return reusedTokens + prefilledTokens + generatedTokens - 1;
  }

  function expectKept(restoredTokens: number, before: MeterColumn): void {
    const resident = residentTokens(before);
    expect(restoredTokens).toBeLessThanOrEqual(resident);
    expect(restoredTokens).toBeGreaterThanOrEqual(resident - (resident % BLOCK_TOKENS));
  }

  /** The sidecar before has saved all that it will. */
  async function reload(): Promise<void> {
    const sidecar = window.sidecarId;
    await reloadWithChat(window, session.userFolder);
    await waitFor("the sidecar to end", () => sidecar === null || !isAlive(sidecar));
  }
});
