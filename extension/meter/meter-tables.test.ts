import { describe, expect, it } from "vitest";
import type { MeterReading } from "../../protocol/meter.ts";
import { meterDetails, meterTooltip } from "./meter-tables.ts";
import { readingWith } from "./reading.test-support.ts";
import { SessionMeter } from "./session-meter.ts";

function meterOf(...readings: Parameters<typeof readingWith>[0][]): SessionMeter {
  const meter = new SessionMeter();
  for (const reading of readings) meter.add(readingWith(reading));
  return meter;
}

const cold = { usage: { promptTokens: 1_000, prefilledTokens: 1_000, generatedTokens: 50 } };
const edited = {
  savedMs: 2_500,
  usage: { promptTokens: 2_000, prefixTokens: 1_500, prefilledTokens: 500, generatedTokens: 7 },
  divergence: { droppedTokens: 400, segmentLabel: "src/a|b.ts", text: "let x" },
};

describe("the tooltip", () => {
  it("compares the last turn with the session", () => {
    const tooltip = meterTooltip(meterOf(cold, edited));
    expect(tooltip).toContain("| from cache | 75% | 50% |");
    expect(tooltip).toContain("| prefilled tokens | 500 | 1,500 |");
    expect(tooltip).toContain("| time saved | 2.5 s | 2.5 s |");
  });

  it("says why tokens were prefilled again", () => {
    expect(meterTooltip(meterOf(edited))).toContain(
      "Prefilled 400 tokens again because `src/a|b.ts` changed at `let x`.",
    );
  });

  it("says what of the reused tokens came from disk", () => {
    const restored = { usage: { promptTokens: 900, restoredTokens: 800, prefixTokens: 50 } };
    const tooltip = meterTooltip(meterOf(restored, cold));
    expect(tooltip).toContain("| reused tokens | 0 | 850 |");
    expect(tooltip).toContain("| of these from disk | 0 | 800 |");
  });

  it("says what to do before the first turn", () => {
    expect(meterTooltip(meterOf())).toContain("@kvasir");
  });
});

describe("the details", () => {
  it("list the latest twenty turns, newest first, under their numbers", () => {
    const rows = meterDetails(meterOf(...Array.from({ length: 25 }, () => cold)), null)
      .split("\n")
      .filter((line) => /^\| \d/.test(line));
    expect(rows.length).toBe(20);
    expect(rows[0]).toMatch(/^\| 25 \|/);
    expect(rows.at(-1)).toMatch(/^\| 6 \|/);
  });

  it("mark a warm-up, which generates nothing", () => {
    const details = meterDetails(meterOf({ ...cold, task: "warm", firstTokenMs: null }), null);
    expect(details).toContain("A **warm-up** makes");
    expect(meterDetails(meterOf(cold), null)).not.toContain("warm-up");
    expect(details).toContain("| 1 (warm-up) | 0% | 0 | 0 | 1,000 | 50 | – |\n");
  });

  it("name what turns have prefilled, and why again", () => {
    const named = { ...cold, prefilled: [{ label: "a.ts", tokens: 900 }] };
    const details = meterDetails(meterOf(named, cold, edited), null);
    expect(details).toContain("## What was prefilled, in tokens\n\n- Turn 1: `a.ts` (900)\n");
    expect(details).toContain(
      "## What was prefilled again\n\n- Turn 3: 400 tokens again because `src/a|b.ts` changed",
    );
    expect(meterDetails(meterOf(cold), null)).not.toContain("##");
  });

  it("keep a time and its unit on one line", () => {
    expect(meterDetails(meterOf({ ...cold, firstTokenMs: 728 }), null)).toContain(
      "| 728\u00A0ms |\n",
    );
  });

  it("sum up the session", () => {
    expect(meterDetails(meterOf(cold, edited), null)).toContain(
      "1,500 of 3,000 prompt tokens (50%) came from the cache",
    );
  });

  it("say what an edit costs with the model, before and after the first turn", () => {
    const reuse = { kind: "checkpoints", reason: "it remembers the text in one state" } as const;
    for (const meter of [meterOf(), meterOf(cold)]) {
      expect(meterDetails(meter, reuse)).toContain(
        "from the last checkpoint before it, because it",
      );
    }
  });
});

describe("repairs", () => {
  const repair = (staleTokens: number, kl: number): MeterReading =>
    readingWith({
      task: "fold",
      usage: { staleTokens },
      drift: {
        latest: { kl, sameTop1: true },
        statistics: { repairs: 2, klMean: kl, klMax: kl, sameTop1Share: 0.5 },
      },
    });

  it("are no turns", () => {
    const meter = meterOf(cold);
    meter.add(repair(0, 0.25));
    expect(meter.totals.turns).toBe(1);
    expect(meterTooltip(meter).split("\n")[0]).toBe(meterTooltip(meterOf(cold)).split("\n")[0]);
  });

  it("are announced while tokens are stale, and tell of the drift when they are done", () => {
    const stale = meterOf({ ...cold, usage: { ...cold.usage, staleTokens: 1200 } });
    expect(meterTooltip(stale)).toMatch(/1,200 tokens saw an older text;/u);
    const since = { tokens: 900, segmentLabel: "a.ts", text: "let x" };
    stale.add(readingWith({ usage: { staleTokens: 900 }, staleSince: [since] }));
    expect(meterTooltip(stale)).toContain(
      "900 tokens saw an older text (900 since `a.ts` changed at `let x`); they are computed again",
    );
    stale.add(repair(0, 0.25));
    expect(meterTooltip(stale)).not.toMatch(/older text/u);
    expect(meterDetails(stale, null)).toMatch(/Repairs so far: 2\..*50%.*0\.250 nats/u);
  });
});
