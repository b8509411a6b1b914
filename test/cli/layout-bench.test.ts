import { expect, it } from "vitest";
import * as z from "zod";
import { runCli } from "../support/run-cli.ts";

const Printed = z.object({
  bench: z.literal("layout"),
  version: z.literal(1),
  rows: z.array(
    z.object({
      turn: z.int(),
      dynamicChanged: z.boolean(),
      promptTokens: z.int(),
      cachedTokens: z.int(),
      naiveCachedTokens: z.int(),
    }),
  ),
  summary: z.object({
    hitRatio: z.number(),
    naiveHitRatio: z.number(),
    limitHitRatio: z.number(),
  }),
});

it("beats the published layout and the naive one, and comes close to the limit", async () => {
  const args = ["bench", "layout", "--quick", "--threads", "1", "--json"];
  const { exitCode, stdout } = await runCli(args);
  expect(exitCode).toBe(0);
  const { rows, summary } = Printed.parse(JSON.parse(stdout));
  expect(rows).toHaveLength(15);
  const changed = rows.filter(({ dynamicChanged }) => dynamicChanged).map(({ turn }) => turn);
  expect(changed).toEqual([1, 4, 7, 10, 13]);
  expect(summary.hitRatio).toBeGreaterThan(0.853);
  expect(summary.hitRatio).toBeGreaterThan(summary.naiveHitRatio);
  expect(summary.hitRatio).toBeGreaterThan(0.97 * summary.limitHitRatio);
});
