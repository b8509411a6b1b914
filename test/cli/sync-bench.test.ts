import { expect, it } from "vitest";
import * as z from "zod";
import { runCli } from "../support/run-cli.ts";

const Printed = z.object({
  bench: z.literal("sync"),
  version: z.literal(1),
  rows: z.array(
    z.object({
      fileLines: z.int(),
      edits: z.int(),
      bytesP50: z.number(),
      bytesMax: z.number(),
      hostMsP50: z.number(),
      hostMsP95: z.number(),
      erratumBytesMax: z.number(),
    }),
  ),
});

it("sends less than a kilobyte per edit, however long the file is", async () => {
  const { exitCode, stdout } = await runCli(["bench", "sync", "--quick", "--json"]);
  expect(exitCode).toBe(0);
  const { rows } = Printed.parse(JSON.parse(stdout));
  expect(rows.map(({ fileLines }) => fileLines)).toEqual([100, 1_000, 10_000]);
  for (const { edits, bytesMax, erratumBytesMax } of rows) {
    expect(edits).toBe(20);
    expect(Math.max(bytesMax, erratumBytesMax)).toBeLessThan(1_000);
  }
});
