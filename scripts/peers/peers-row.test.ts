import { expect, it } from "vitest";
import type { Reading } from "./peer.ts";
import { peersRow } from "./peers-row.ts";

const reading = (prefilledTokens: number, firstTokenMs: number): Reading => ({
  prefilledTokens,
  firstTokenMs,
  engineMs: firstTokenMs - 1,
});
const what = { case: "edits/insert", contextTokens: 2048, promptTokens: 2108 };

it("shows medians, which one slow repetition does not move", () => {
  const { ours } = peersRow(what, {
    ours: [reading(61, 100), reading(61, 900), reading(61, 110)],
    oursExact: [reading(1085, 1000)],
    peers: new Map([["a", [reading(1085, 1000)]]]),
  });
  expect(ours).toEqual({ prefilledTokens: 61, firstTokenMs: 110, engineMs: 109 });
});

it("compares with the fastest peer", () => {
  const row = peersRow(what, {
    ours: [reading(61, 100)],
    oursExact: [reading(1085, 1000)],
    peers: new Map([
      ["slow", [reading(1085, 2000)]],
      ["fast", [reading(1085, 800)]],
    ]),
  });
  expect(row).toMatchObject({ ...what, ratio: 8, ratioExact: 0.8 });
  expect(Object.keys(row.peers)).toEqual(["slow", "fast"]);
});
