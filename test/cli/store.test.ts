import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { ModelName } from "../../cli/models/catalogue.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-cli-store-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

type Printed = Record<string, unknown> & { readonly hash: string };

async function run(args: readonly string[], input = ""): Promise<CliRun> {
  return await runCli([...args, "--store", folder], input);
}

async function pipe(
  args: readonly string[],
  input: string,
  model: ModelName = "tiny",
): Promise<Printed> {
  const { exitCode, stdout, stderr } = await run([...args, "--model", model], input);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return JSON.parse(stdout) as Printed;
}

const LONG = "The quick brown fox jumps over the lazy dog. ".repeat(60);

it("stores a prompt, finds it in another process and extends it", async () => {
  const stored = await pipe(["store"], LONG);
  const { tokens } = stored;
  expect(stored).toMatchObject({ tokensStored: tokens, tokensComputed: tokens, tokensRestored: 0 });
  expect(stored["milliseconds"]).toBeGreaterThan(0);

  const found = await pipe(["lookup"], LONG);
  expect(found).toMatchObject({ hash: stored.hash, tokens, tokensStored: tokens });
  expect(await pipe(["store"], LONG)).toMatchObject({ tokensRestored: tokens, tokensComputed: 0 });

  const extended = await pipe(["extend", stored.hash], " And again.");
  expect(extended).toMatchObject({ tokensRestored: tokens, storedHash: extended.hash });
  expect(extended["tokensComputed"]).toBe(Number(extended["tokens"]) - Number(tokens));
  expect(await pipe(["extend", extended.hash], " And again.")).toMatchObject({
    tokensRestored: extended["tokens"],
  });
});

it("finds the beginning of a prompt that goes on differently", async () => {
  await pipe(["store"], LONG);
  const found = await pipe(["lookup"], `${LONG.slice(0, 1500)} but not this time ${LONG}`);
  expect(Number(found["tokensStored"]) % 256).toBe(0);
  expect(found["tokensStored"]).toBeGreaterThan(0);
  expect(found["storedHash"]).not.toBe(found.hash);
});

it("stores a prompt of a few tokens", async () => {
  const stored = await pipe(["store"], "one two three");
  expect(stored["tokensStored"]).toBe(stored["tokens"]);
  expect(await pipe(["lookup"], "one two three four")).toMatchObject({
    storedHash: stored.hash,
    tokensStored: stored["tokens"],
  });
  expect(await pipe(["lookup"], "something else")).toMatchObject({
    tokensStored: 0,
    storedHash: null,
  });
});

it.each(["tiny-gemma3", "tiny-mamba", "tiny-lfm2"] as const)(
  "stores, finds and extends prompts of %s, whose state cannot be cut into blocks",
  async (model) => {
    const stored = await pipe(["store"], LONG, model);
    const { tokens } = stored;
    expect(stored).toMatchObject({ tokensStored: tokens, tokensComputed: tokens });
    expect(await pipe(["lookup"], `${LONG} More.`, model)).toMatchObject({
      tokensStored: tokens,
      storedHash: stored.hash,
    });
    // A shorter text is nothing that a longer one's state could be cut to.
    expect(await pipe(["lookup"], LONG.slice(0, -9), model)).toMatchObject({ tokensStored: 0 });
    const extended = await pipe(["extend", stored.hash], " And again.", model);
    expect(extended).toMatchObject({ tokensRestored: tokens, storedHash: extended.hash });
    expect(extended["tokensComputed"]).toBe(Number(extended["tokens"]) - Number(tokens));
    expect(await pipe(["store"], LONG, model)).toMatchObject({
      tokensRestored: tokens,
      tokensComputed: 0,
    });
    expect(await run(["store", "verify"])).toMatchObject({ exitCode: 0 });
  },
);

it.each([
  [["lookup"], "", 2, "The prompt on standard input is empty."],
  [["extend", "12ab"], "x", 2, "A hash has 64 hexadecimal digits."],
  [["extend"], "x", 2, "Missing required argument 'hash'."],
  [["store", "--window", "512"], LONG, 1, "The prompt has "],
  [
    ["extend", "ab".repeat(32)],
    "x",
    1,
    `Nothing is stored under ${"ab".repeat(32)} for this model.`,
  ],
])("%s tells in one line what is wrong", async (args, input, code, sentence) => {
  const { exitCode, stdout, stderr } = await run([...args, "--model", "tiny"], input);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^kvasir: [^\n]*\.\n$/u);
  expect(stderr).toContain(sentence);
  expect(exitCode).toBe(code);
});

it("says what is stored, finds damage, and clears", async () => {
  await pipe(["store"], LONG);
  const stats = JSON.parse((await run(["store", "stats", "--json"])).stdout) as Printed;
  expect(stats).toMatchObject({ folder, models: [{ cacheType: "f16" }] });
  expect(stats["blocks"]).toBeGreaterThan(1);
  expect(await run(["store", "verify"])).toMatchObject({ exitCode: 0 });
  const blocks = join(folder, "v1", "blocks");
  const [identity] = readdirSync(blocks);
  const [block] = readdirSync(join(blocks, identity!));
  writeFileSync(join(blocks, identity!, block!), "damage");
  const verified = await run(["store", "verify", "--json"]);
  expect(verified.exitCode).toBe(1);
  expect(JSON.parse(verified.stdout)).toMatchObject({ clean: false, damaged: [{}] });
  expect(await run(["store", "verify"])).toMatchObject({ exitCode: 0 });
  expect((await run(["store", "prune"])).stdout).toMatch(/^\d+ blocks, .* are removed\.\n$/u);
  expect(await run(["store", "clear"])).toMatchObject({ exitCode: 0 });
  const after = JSON.parse((await run(["store", "stats", "--json"])).stdout) as Printed;
  expect(after).toMatchObject({ blocks: 0, bytes: 0, models: [] });
});

it("a folder that cannot be used is told in one line", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  const { exitCode, stderr } = await runCli(["store", "stats", "--store", join(file, "store")]);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^kvasir: The store cannot be used: [^\n]*\.\n$/u);
});
