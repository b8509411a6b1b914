import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";
import { waitFor } from "./support/wait-for.ts";

const PRICES = `/** What a basket costs, in cents. */
export function total(prices: readonly number[]): number {
  return prices.reduce((sum, price) => sum + price, 0);
}
`;
const LONG_ANSWER_TOKENS = 6_000;

function meterPage(window: EditorWindow): Locator {
  return window.page
    .frameLocator("iframe.webview.ready")
    .frameLocator("#active-frame")
    .locator("body");
}

describe("@kvasir in the chat view", () => {
  let session: Session;
  let window: EditorWindow;

  /** Waits until the last answer is longer, and says how long it is. */
  const grownFrom = async (length: number): Promise<number> =>
    await waitFor("more of the answer", async () => {
      const { length: now } = await window.answer.innerText();
      return now > length ? now : null;
    });

  beforeAll(async () => {
    session = await Session.start();
    window = await session.openWindow(session.makeWorkspace({ "prices.ts": PRICES }), "prices.ts");
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("answers a question about the open file", async () => {
    const fileTokens = await window.probe.call("countTokens", PRICES);
    await window.attachOpenFile();
    await window.ask("@kvasir What does total() do?");
    await window.waitForStatus(/cached/);
    await window.screenshot("a-question-about-a-file");
    const { lastTurn } = await window.meter();
    expect(lastTurn).toMatchObject({ reusedTokens: 0, generatedTokens: 48 });
    expect(lastTurn.prefilledTokens).toBeGreaterThan(fileTokens);
  });

  it("reuses all that is resident for the next question, and says so", async () => {
    const { lastTurn: first } = await window.meter();
    await window.ask("And for an empty basket?");
    await window.waitForStatus(/^[1-9]\d% cached$/);
    const { lastTurn: second, session: both } = await window.meter();
    // All but the last token of the answer, which was sampled and not evaluated.
    const resident = first.prefilledTokens + first.generatedTokens - 1;
    expect(second.reusedTokens).toBe(resident);
    expect(both.prefilledTokens).toBe(first.prefilledTokens + second.prefilledTokens);
    expect(both.generatedTokens).toBe(96);
    const share = second.reusedTokens / (second.reusedTokens + second.prefilledTokens);
    expect(await window.status()).toBe(`${Math.floor(share * 100)}% cached`);
    await window.screenshot("b-meter-after-second-question");
  });

  it("shows the counts of every turn on the meter page", async () => {
    const { session: both } = await window.meter();
    await window.clickStatus();
    await meterPage(window).getByText("Kvasir cache meter").waitFor();
    const text = await meterPage(window).innerText();
    expect(text).toContain(`${both.reusedTokens} of `);
    expect(text).toContain("What was prefilled");
    await window.screenshot("b-meter-page");
  });

  it("keeps the open meter page up to date", async () => {
    await window.ask("Thanks.");
    await meterPage(window).locator("tbody tr").nth(2).waitFor();
    const { session: all } = await window.meter();
    expect(await meterPage(window).innerText()).toContain(`${all.reusedTokens} of `);
  });

  it("streams a long answer, stops it, and goes on from what was said", async () => {
    await window.probe.call("configure", { "kvasir.answer.maxTokens": LONG_ANSWER_TOKENS });
    await window.send("Tell me everything about baskets.");
    await window.waitForStatus(/answering/);
    const begun = await grownFrom(200);
    await window.screenshot("d-long-answer");
    await grownFrom(await grownFrom(begun));
    await window.stopAnswer();
    await window.finishedAnswer();
    await window.waitForStatus(/cached/);
    await window.screenshot("d-stopped");
    const { lastTurn: stopped } = await window.meter();
    expect(stopped.generatedTokens).toBeLessThan(LONG_ANSWER_TOKENS);
    await window.probe.call("configure", { "kvasir.answer.maxTokens": 24 });
    await window.ask("In one word, please.");
    await window.waitForStatus(/cached/);
    const { lastTurn } = await window.meter();
    expect(lastTurn.generatedTokens).toBe(24);
    expect(lastTurn.reusedTokens).toBeGreaterThan(stopped.reusedTokens + stopped.prefilledTokens);
  });

  it("says that the sidecar died, restarts it and answers the next question", async () => {
    await window.probe.call("configure", { "kvasir.answer.maxTokens": LONG_ANSWER_TOKENS });
    const killed = window.sidecarId;
    if (killed === null) throw new Error("There is no sidecar.");
    await window.send("Tell me more.");
    await grownFrom(100);
    process.kill(killed, "SIGKILL");
    const answer = await window.finishedAnswer();
    expect(answer).toContain(
      "The Kvasir sidecar stopped before it had answered; please try again.",
    );
    await window.page
      .getByText("The Kvasir sidecar crashed and is being restarted")
      .first()
      .waitFor();
    await window.screenshot("e-sidecar-killed");
    await window.dismissNotifications();
    await waitFor("another sidecar", () => {
      const next = window.sidecarId;
      return next !== null && next !== killed;
    });
    await window.waitForStatus(/unloaded/);
    await window.probe.call("configure", { "kvasir.answer.maxTokens": 24 });
    await window.ask("Are you back?");
    await window.waitForStatus(/cached/);
    await window.screenshot("e-answered-again");
    expect((await window.meter()).lastTurn.generatedTokens).toBe(24);
  });
});
