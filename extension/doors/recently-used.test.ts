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
