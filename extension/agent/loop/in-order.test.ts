import { expect, it } from "vitest";
import { InOrder } from "./in-order.ts";

it("hands values on in their order, whichever comes first, and says when they were all", () => {
  const told: [readonly string[], boolean][] = [];
  const inOrder = new InOrder<string>(4, (values, areMore) => told.push([values, areMore]));
  inOrder.put(1, "b");
  expect(told).toEqual([]);
  inOrder.put(0, "a");
  inOrder.put(3, "d");
  inOrder.put(2, "c");
  expect(told).toEqual([
    [["a", "b"], true],
    [["c", "d"], false],
  ]);
});
