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

const Lanes = z.object({
  bench: z.literal("lanes"),
  rows: z.array(
    z.object({
      agents: z.literal(2),
      scheme: z.enum(["serial", "interleaved"]),
      firstTokenMs: z.array(z.number().positive()).length(2),
      totalMs: z.number(),
      tokensPerSecond: z.number(),
    }),
  ),
});

it("compares two agents that take turns with two that wait", async () => {
  const args = ["bench", "lanes", "--model", "tiny", "--threads", "1", "--quick", "--json"];
  const { exitCode, stdout } = await runCli(args);
  expect(exitCode).toBe(0);
  const { rows } = Lanes.parse(JSON.parse(stdout));
  expect(rows.map(({ scheme }) => scheme)).toEqual(["serial", "interleaved"]);
});

const WarmRows = z.object({
  bench: z.literal("warm"),
  rows: z.array(
    z.object({
      editTokens: z.int().positive(),
      messageTokens: z.int().positive(),
      coldFirstTokenMs: z.number(),
      warmFirstTokenMs: z.number(),
      messageOnlyMs: z.number(),
      ratioToMessageOnly: z.number(),
      warmPrefilledTokens: z.number(),
      messageOnlyPrefilledTokens: z.number(),
    }),
  ),
});

it("prefills after prefill ahead what the message alone takes", async () => {
  const args = ["bench", "warm", "--model", "tiny", "--threads", "1", "--quick", "--json"];
  const { exitCode, stdout } = await runCli(args);
  expect(exitCode).toBe(0);
  const { rows } = WarmRows.parse(JSON.parse(stdout));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows) {
    expect(row.warmPrefilledTokens).toBeLessThanOrEqual(row.messageOnlyPrefilledTokens + 2);
  }
});
