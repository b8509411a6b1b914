import { describe, expect, it } from "vitest";
import { chooseVictims } from "./choose-victims.ts";
import type { BlockRecord } from "./store-index.ts";

function entry(hash: string, record: Partial<BlockRecord>): { hash: string; record: BlockRecord } {
  const whole = {
    kind: "block" as const,
    parent: "",
    identity: "",
    from: 0,
    tokens: 256,
    bytes: 10,
    usedMs: 0,
  };
  return { hash, record: { ...whole, pinned: false, ...record } };
}

const none: ReadonlySet<string> = new Set();
const need = (bytes: number, keep = none): Parameters<typeof chooseVictims>[1] => ({
  bytesMin: bytes,
  bytesBetter: bytes,
  keep,
});

describe("what is given up", () => {
  const entries = [
    entry("new", { usedMs: 9 }),
    entry("old", { usedMs: 1 }),
    entry("middle", { usedMs: 5 }),
  ];

  it("is the least recently used, and no more than it takes", () => {
    expect(chooseVictims(entries, need(11))).toEqual(["old", "middle"]);
    expect(chooseVictims(entries, need(10))).toEqual(["old"]);
  });

  it("is the end of a chain before its beginning", () => {
    const chain = [entry("first", { from: 0 }), entry("second", { from: 256 })];
    expect(chooseVictims(chain, need(10))).toEqual(["second"]);
  });

  it("is never what is pinned or to be kept", () => {
    const pinned = [...entries, entry("pinned", { pinned: true })];
    expect(chooseVictims(pinned, need(20, new Set(["old"])))).toEqual(["middle", "new"]);
  });

  it("is nothing when all of it would not suffice", () => {
    expect(chooseVictims(entries, need(31))).toBeNull();
  });

  it("is a little more when there is more", () => {
    const better = { bytesMin: 5, bytesBetter: 15, keep: none };
    expect(chooseVictims(entries, better)).toEqual(["old", "middle"]);
    expect(chooseVictims([entries[0]!], better)).toEqual(["new"]);
  });
});
