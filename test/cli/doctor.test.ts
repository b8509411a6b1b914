import { expect, it } from "vitest";
import * as z from "zod";
import { runCli } from "../support/run-cli.ts";

const Printed = z.object({
  machine: z.object({
    node: z.string(),
    physicalCores: z.int().positive(),
    logicalCores: z.int().positive(),
    gpuBackends: z.array(z.string()),
    memoryBytes: z.int().positive(),
    sidecarThreadpoolSize: z.literal("1"),
  }),
  model: z
    .object({
      name: z.string(),
      windowTokens: z.int(),
      cacheType: z.string(),
      cellReuse: z.object({ kind: z.string(), reason: z.string().nullable() }),
      threads: z.int(),
    })
    .nullable(),
});

it("tells of the machine without a model", async () => {
  const { exitCode, stdout } = await runCli(["doctor", "--json"]);
  expect(exitCode).toBe(0);
  const { machine, model } = Printed.parse(JSON.parse(stdout));
  expect(machine.node).toBe(process.versions.node);
  expect(model).toBeNull();
});

it("tells how a model would run", async () => {
  const { stdout } = await runCli(["doctor", "--model", "tiny", "--json"]);
  const { model } = Printed.parse(JSON.parse(stdout));
  expect(model).toMatchObject({ name: "kvasir-tiny", windowTokens: 8_192, cacheType: "f16" });
});

it("is readable without --json", async () => {
  const { stdout } = await runCli(["doctor", "--model", "tiny"]);
  expect(stdout).toMatch(/^Window +8192 of 8192 trained tokens$/mu);
  expect(stdout).toMatch(/^Backends +CPU/mu);
  expect(stdout).toMatch(/^Edits +Cells behind an edit can be kept/mu);
});

it("tells why a model keeps less than others", async () => {
  const { stdout } = await runCli(["doctor", "--model", "tiny-mamba", "--json"]);
  const { model } = Printed.parse(JSON.parse(stdout));
  expect(model?.cellReuse).toEqual({
    kind: "checkpoints",
    reason: "it remembers the text in one state",
  });
});
