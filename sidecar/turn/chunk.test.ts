import { describe, expect, it } from "vitest";
import { PrefillSpeed } from "./chunk.ts";

function measured(...measurements: (readonly [tokens: number, elapsedMs: number])[]): PrefillSpeed {
  const speed = new PrefillSpeed();
  for (const [tokens, elapsedMs] of measurements) speed.record(tokens, elapsedMs);
  return speed;
}

describe("a chunk of prefill", () => {
  it("is short before anything has been measured, and never longer than a batch", () => {
    expect(measured().chunkTokens(512)).toBe(64);
    expect(measured().chunkTokens(32)).toBe(32);
  });

  it("is as many tiles of 64 tokens as the model computes in 150 ms", () => {
    expect(measured([128, 100]).chunkTokens(512)).toBe(192);
    expect(measured([127, 100]).chunkTokens(512)).toBe(128);
    expect(measured([64, 100]).chunkTokens(512)).toBe(64);
  });

  it("is a batch at most, however fast the model is", () => {
    expect(measured([512, 1]).chunkTokens(512)).toBe(512);
  });

  it("stays at one tile, as long as that takes under 750 ms", () => {
    expect(measured([16, 100]).chunkTokens(512)).toBe(64);
    expect(measured([16, 300]).chunkTokens(512)).toBe(40);
  });

  it("has 16 tokens at least, however slow the model is, unless the batch is smaller", () => {
    expect(measured([16, 60_000]).chunkTokens(512)).toBe(16);
    expect(measured([16, 60_000]).chunkTokens(8)).toBe(8);
  });
});

describe("the measured speed", () => {
  it("is unknown at first", () => {
    expect(measured().tokensPerMs).toBeNull();
  });

  it("moves half way to each new measurement", () => {
    expect(measured([100, 100], [300, 100]).tokensPerMs).toBe(2);
    expect(measured([100, 100], [300, 100], [400, 100]).tokensPerMs).toBe(3);
  });

  it("ignores the rest of a prompt that is no tile, unless all chunks are as short", () => {
    expect(measured([64, 64], [63, 630]).tokensPerMs).toBe(1);
    expect(measured([64, 640], [63, 630]).tokensPerMs).toBe(0.1);
    expect(measured([64, 1280], [32, 1280]).tokensPerMs).toBeCloseTo(0.0375);
  });

  it("ignores chunks too small to measure, and clocks that stand still", () => {
    expect(measured([15, 1]).tokensPerMs).toBeNull();
    expect(measured([100, 0]).tokensPerMs).toBeNull();
    expect(measured([100, 100], [15, 1], [100, 0]).tokensPerMs).toBe(1);
  });
});

describe("what a planner is told", () => {
  it("is that only tokens cost anything, until a prefill has been measured", () => {
    expect(measured().speeds).toEqual({ tokenMs: 1, shiftMs: 0 });
    const speed = measured();
    speed.recordShift(64, 500);
    expect(speed.speeds.shiftMs).toBe(0);
  });

  it("is the time of a pass of shifts without that of the tokens decoded with it", () => {
    const speed = measured([100, 200]);
    expect(speed.speeds).toEqual({ tokenMs: 2, shiftMs: 0 });
    speed.recordShift(50, 180);
    expect(speed.speeds.shiftMs).toBe(80);
  });

  it("is the cheapest pass that was seen", () => {
    const speed = measured([100, 100]);
    for (const elapsedMs of [90, 60, 500]) speed.recordShift(10, elapsedMs);
    expect(speed.speeds.shiftMs).toBe(50);
  });

  it("is the newest time of a token from disk, which is doubted whenever it was too long", () => {
    const speed = measured([100, 100]);
    speed.recordRestore(0, 5);
    expect(speed.speeds.restoreTokenMs).toBeUndefined();
    speed.recordRestore(100, 200);
    speed.recordRestore(100, 400);
    expect(speed.speeds.restoreTokenMs).toBe(4);
    speed.doubtRestore();
    speed.doubtRestore();
    expect(speed.speeds.restoreTokenMs).toBe(1);
  });
});
