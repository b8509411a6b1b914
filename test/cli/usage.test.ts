import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";

it.each([
  ["an unknown command", ["frobnicate"], "kvasir: Unknown command 'frobnicate'.\n"],
  ["an unknown option", ["generate", "--frob"], "kvasir: Unknown option '--frob'.\n"],
  [
    "a number that is none",
    ["generate", "--max-tokens", "many"],
    "kvasir: Option '--max-tokens <number>' argument 'many' is invalid. It has to be a whole number of at least 1.\n",
  ],
  [
    "a missing model",
    ["generate"],
    "kvasir: No model is chosen; name one with --model or set KVASIR_MODEL.\n",
  ],
  [
    "an empty prompt",
    ["generate", "--model", "tiny"],
    "kvasir: The prompt on standard input is empty.\n",
  ],
  [
    "a file that is not there",
    ["demo", "--files", "no-such-file"],
    "kvasir: The file no-such-file is empty or cannot be read.\n",
  ],
])("answers %s with one line and 2", async (_, args, stderr) => {
  expect(await runCli(args)).toEqual({ exitCode: 2, stdout: "", stderr });
});

it("answers a model path that leads nowhere with one line and 1", async () => {
  const { exitCode, stdout, stderr } = await runCli(["generate", "--model", "/no/model"], "Hello");
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toMatch(/^kvasir: There is no model file at .*model\.\n$/u);
});

it("prints the version of the package", async () => {
  const { version } = JSON.parse(
    readFileSync(new URL("../../package.json", import.meta.url), "utf8"),
  ) as { version: string };
  expect(await runCli(["--version"])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: "" });
});

it("prints help when asked", async () => {
  const { exitCode, stdout } = await runCli(["bench", "--help"]);
  expect(exitCode).toBe(0);
  expect(stdout).toContain("decode");
});
