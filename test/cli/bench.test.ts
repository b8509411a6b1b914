import { expect, it } from "vitest";
import * as z from "zod";
import { runCli } from "../support/run-cli.ts";

const Printed = z.object({
  bench: z.literal("decode"),
  version: z.literal(1),
  model: z.object({ name: z.literal("kvasir-tiny"), parameters: z.int(), bytes: z.int() }),
  machine: z.object({
    cpu: z.string(),
    cores: z.int(),
    memoryBytes: z.int(),
    gpu: z.string().nullable(),
  }),
  rows: z.array(
    z.object({ path: z.enum(["bare", "sidecar"]), tokens: z.int(), msPerToken: z.number() }),
  ),
  summary: z.object({ addedMsPerToken: z.number(), sameTokens: z.boolean() }),
});

it("decodes the same tokens on both paths and compares their times", async () => {
  const args = ["bench", "decode", "--model", "tiny", "--threads", "1"];
  const size = ["--tokens", "16", "--repetitions", "1", "--json"];
  const { exitCode, stdout } = await runCli([...args, ...size]);
  expect(exitCode).toBe(0);
  const { rows, summary } = Printed.parse(JSON.parse(stdout));
  expect(rows.map(({ path, tokens }) => [path, tokens])).toEqual([
    ["bare", 16],
    ["sidecar", 16],
  ]);
  expect(summary.sameTokens).toBe(true);
});
