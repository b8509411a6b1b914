import { describe, expect, it } from "vitest";
import { RestartBudget } from "./restart-budget.ts";

describe("the restart budget", () => {
  it("allows so many restarts in a while", () => {
    const budget = new RestartBudget(2, 1_000);
    expect([0, 10, 20].map((nowMs) => budget.spend(nowMs))).toEqual([true, true, false]);
  });

  it("forgets restarts that are long past", () => {
    const budget = new RestartBudget(2, 1_000);
    expect([0, 900, 1_000, 1_100].map((nowMs) => budget.spend(nowMs))).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  it("is full again when the user restarts by hand", () => {
    const budget = new RestartBudget(1, 1_000);
    budget.spend(0);
    budget.refill();
    expect(budget.spend(1)).toBe(true);
  });
});
