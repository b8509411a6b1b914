import { describe, expect, it } from "vitest";
import { RecentlyUsed } from "./recently-used.ts";

describe("RecentlyUsed", () => {
  it("lets go of what was not used for longest", () => {
    const evicted: number[] = [];
    const entries = new RecentlyUsed<number>(2, (value) => evicted.push(value));
    entries.set("a", 1);
    entries.set("b", 2);
    entries.get("a");
    entries.set("c", 3);
    expect(evicted).toEqual([2]);
    expect(entries.get("b")).toBeUndefined();
    expect(entries.values()).toEqual([1, 3]);
  });

  it("keeps what may not go beyond its limit, until it may", () => {
    const evicted: number[] = [];
    const needed = new Set([1, 2]);
    const entries = new RecentlyUsed<number>(
      2,
      (value) => evicted.push(value),
      (value) => !needed.has(value),
    );
    entries.set("a", 1);
    entries.set("b", 2);
    entries.set("c", 3);
    expect(evicted).toEqual([]);
    entries.set("d", 4);
    expect(evicted).toEqual([3]);
    needed.delete(2);
    entries.evictSurplus();
    expect(evicted).toEqual([3, 2]);
    needed.delete(1);
    entries.evictSurplus();
    expect(entries.values()).toEqual([1, 4]);
  });

  it("forgets a value without letting go of it", () => {
    const evicted: number[] = [];
    const entries = new RecentlyUsed<number>(1, (value) => evicted.push(value));
    entries.set("a", 1);
    entries.remove("a");
    entries.set("b", 2);
    expect(evicted).toEqual([]);
    expect(entries.values()).toEqual([2]);
  });

  it("keeps one value for a key", () => {
    const entries = new RecentlyUsed<number>(2, () => undefined);
    entries.set("a", 1);
    entries.set("a", 2);
    expect(entries.values()).toEqual([2]);
  });
});
