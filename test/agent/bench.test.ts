import { expect, it } from "vitest";
import * as z from "zod";
import { runCli } from "../support/run-cli.ts";

const Printed = z.object({
  bench: z.literal("agent"),
  version: z.literal(1),
  model: z.object({ name: z.literal("kvasir-tiny") }),
  rows: z.array(
    z.object({
      step: z.int(),
      tool: z.string(),
      overheadMs: z.number(),
      toolMs: z.number(),
      modelMs: z.number(),
    }),
  ),
  summary: z.object({
    overheadMsP50: z.number(),
    overheadMsP95: z.number(),
    surroundingsMs: z.number().positive(),
    files: z.literal(5_000),
  }),
});

it("takes the time of each step outside of the model", async () => {
  const { exitCode, stdout } = await runCli([
    "bench",
    "agent",
    "--quick",
    "--threads",
    "1",
    "--json",
  ]);
  expect(exitCode).toBe(0);
  const { rows, summary } = Printed.parse(JSON.parse(stdout));
  const cycle = ["list_files", "search_text", "read_file", "edit_file"];
  expect(rows.map(({ tool }) => tool)).toEqual([...cycle, ...cycle, "finish"]);
  expect(rows.every(({ overheadMs, modelMs }) => overheadMs > 0 && modelMs > 0)).toBe(true);
  expect(rows.every(({ overheadMs, toolMs }) => toolMs > 0 && toolMs < overheadMs)).toBe(true);
  const sorted = rows.map(({ overheadMs }) => overheadMs).toSorted((a, b) => a - b);
  expect(summary).toMatchObject({ overheadMsP50: sorted[4], overheadMsP95: sorted[8] });
});
