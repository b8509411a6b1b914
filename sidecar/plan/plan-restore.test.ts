import { describe, expect, it } from "vitest";
import type { Speeds } from "./cost.ts";
import type { Piece, Plan } from "./plan.ts";
import { isRestoreCheaper, RESTORE_TOKENS_MIN } from "./plan-restore.ts";

const speeds: Speeds = { tokenMs: 1, shiftMs: 0 };

function planOf(...pieces: Piece[]): Plan {
  return { pieces, prefixTokens: 0, splicedTokens: 0, healedTokens: 0, divergence: null };
}

function keep(from: number, to: number, delta = 0): Piece {
  return { kind: "keep", wanted: from, resident: from - delta, length: to - from, delta };
}

function prefill(from: number, to: number): Piece {
  return { kind: "prefill", from, to };
}

describe("restoring is cheaper", () => {
  const offer = { wantedTokens: 1000, exactTokens: 100, storedTokens: 900, speeds };
  const computing = planOf(keep(0, 100), prefill(100, 1000));

  it("than computing, until it was measured and is not", () => {
    expect(isRestoreCheaper(computing, offer)).toBe(true);
    const fast = { ...speeds, restoreTokenMs: 0.1 };
    expect(isRestoreCheaper(computing, { ...offer, speeds: fast })).toBe(true);
    const slow = { ...speeds, restoreTokenMs: 2 };
    expect(isRestoreCheaper(computing, { ...offer, speeds: slow })).toBe(false);
  });

  it("never than asking for little", () => {
    const little = { ...offer, exactTokens: 900 - RESTORE_TOKENS_MIN + 1 };
    expect(isRestoreCheaper(computing, little)).toBe(false);
    expect(isRestoreCheaper(computing, { ...offer, storedTokens: 0 })).toBe(false);
  });

  it("not than keeping a run that stands behind a small change", () => {
    const splice = planOf(keep(0, 100), prefill(100, 120), keep(120, 1000));
    expect(isRestoreCheaper(splice, offer)).toBe(false);
    // Where all is stored there is nothing left to compute, and the restored cells are exact.
    expect(isRestoreCheaper(splice, { ...offer, storedTokens: 1000 })).toBe(true);
  });

  it("than a splice whose pass of shifts takes longer", () => {
    const splice = planOf(keep(0, 100), prefill(100, 120), keep(120, 1000, 5));
    const measured = { ...speeds, restoreTokenMs: 0.01 };
    expect(isRestoreCheaper(splice, { ...offer, speeds: measured })).toBe(false);
    expect(isRestoreCheaper(splice, { ...offer, speeds: { ...measured, shiftMs: 200 } })).toBe(
      true,
    );
  });

  it("counts no more than what is wanted", () => {
    const answered = { ...offer, wantedTokens: 999, storedTokens: 5000 };
    expect(isRestoreCheaper(computing, answered)).toBe(true);
  });
});
