import { describe, expect, it } from "vitest";
import { Repeats } from "./repeats.ts";

const call = (name: string, given: Record<string, unknown> = {}) => ({
  id: "c",
  name,
  arguments: given,
});

describe("calls", () => {
  it("may be the same twice, are told of the third time, and end the fourth", () => {
    const repeats = new Repeats();
    const judged = [1, 2, 3, 4, 5].map(() => repeats.judge(call("a", { x: [1, { y: 2 }] })));
    expect(judged).toEqual(["run", "run", "tell", "end", "end"]);
  });

  it("are the same whatever the order of their arguments", () => {
    const repeats = new Repeats();
    repeats.judge(call("a", { x: 1, y: { p: 1, q: 2 } }));
    repeats.judge(call("a", { y: { q: 2, p: 1 }, x: 1 }));
    expect(repeats.judge(call("a", { x: 1, y: { p: 1, q: 2 } }))).toBe("tell");
  });

  it("that differ start anew", () => {
    const repeats = new Repeats();
    const names = ["a", "a", "b", "a", "a"];
    expect(names.map((name) => repeats.judge(call(name)))).toEqual(names.map(() => "run"));
    expect(repeats.judge(call("a", { x: 1 }))).toBe("run");
  });
});
