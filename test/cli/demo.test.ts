import { expect, it } from "vitest";
import * as z from "zod";
import { Divergence, reusedTokens, Usage } from "../../protocol/usage.ts";
import { runCli } from "../support/run-cli.ts";

const Printed = z.object({
  turns: z.array(z.object({ action: z.string(), usage: Usage, divergence: Divergence.nullable() })),
  summary: z.object({ promptTokens: z.int(), prefilledTokens: z.int(), reusedTokens: z.int() }),
});

const files = ["--files", "STYLE.md", "protocol/edit.ts"];

it("prefills in the second turn only what is new", async () => {
  const args = ["demo", "--model", "tiny", "--turns", "2", "--json", ...files];
  const { exitCode, stdout, stderr } = await runCli(args);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  const { turns, summary } = Printed.parse(JSON.parse(stdout));
  const [first, second] = turns.map(({ usage }) => usage);
  expect(first!.prefilledTokens).toBe(first!.promptTokens);
  expect(second!.prefilledTokens).toBeLessThan(second!.promptTokens);
  expect(reusedTokens(second!)).toBe(first!.promptTokens + first!.generatedTokens - 1);
  expect(reusedTokens(second!) + second!.prefilledTokens).toBe(second!.promptTokens);
  expect(summary.promptTokens).toBe(first!.promptTokens + second!.promptTokens);
  expect(summary.prefilledTokens).toBe(first!.prefilledTokens + second!.prefilledTokens);
});

it("shows what is prefilled again after an edit, and why", async () => {
  const args = ["demo", "--model", "tiny", "--turns", "3", "--json", ...files];
  const { turns } = Printed.parse(JSON.parse((await runCli(args)).stdout));
  expect(turns.map(({ divergence }) => divergence?.segmentLabel)).toEqual([
    undefined,
    undefined,
    "protocol/edit.ts",
  ]);
  const [, second, third] = turns;
  expect(third!.usage.prefilledTokens).toBeGreaterThan(second!.usage.prefilledTokens);
  expect(third!.usage.prefixTokens).toBe(third!.divergence!.tokenIndex);
});

it("prints a row for each turn and a summary", async () => {
  const { stdout } = await runCli(["demo", "--model", "tiny", "--turns", "3", ...files]);
  expect(stdout).toMatch(/^ {3}3 {2}edit of protocol\/edit\.ts/mu);
  expect(stdout).toMatch(/^ {6}protocol\/edit\.ts reads differently/mu);
  expect(stdout).toMatch(/ came from the cache: \d+ tokens prefilled, \d+ without a cache\.\n$/u);
});
