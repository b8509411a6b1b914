import { describe, expect, it } from "vitest";
import { readingWith } from "./reading.test-support.ts";
import { cachedShare, SessionMeter } from "./session-meter.ts";

describe("SessionMeter", () => {
  it("adds up the turns", () => {
    const meter = new SessionMeter();
    meter.add(
      readingWith({
        savedMs: 10,
        usage: { promptTokens: 100, prefixTokens: 20, prefilledTokens: 80, generatedTokens: 5 },
      }),
    );
    meter.add(
      readingWith({
        savedMs: 30,
        usage: { promptTokens: 300, prefixTokens: 200, splicedTokens: 80, prefilledTokens: 20 },
      }),
    );
    expect(meter.totals).toEqual({
      turns: 2,
      promptTokens: 400,
      restoredTokens: 0,
      reusedTokens: 300,
      prefilledTokens: 100,
      generatedTokens: 5,
      savedMs: 40,
    });
    expect(cachedShare(meter.totals)).toBe(0.75);
  });

  it("knows no share before the first turn", () => {
    expect(cachedShare(new SessionMeter().totals)).toBeNull();
  });

  it("keeps the latest turns only, and goes on counting", () => {
    const meter = new SessionMeter();
    for (let turn = 0; turn < 150; turn++) meter.add(readingWith({ savedMs: turn }));
    expect(meter.turns.length).toBe(100);
    expect(meter.turns.at(-1)?.savedMs).toBe(149);
    expect(meter.totals.turns).toBe(150);
  });
});
