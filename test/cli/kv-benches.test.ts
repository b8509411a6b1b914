import { expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";

it.each(["fork", "splice"])(
  "bench %s refuses a model that is too small in one sentence",
  async (bench) => {
    const { exitCode, stdout, stderr } = await runCli([
      "bench",
      bench,
      "--model",
      "tiny",
      "--json",
    ]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(
      "kvasir: A context size of 10752 tokens is not possible: this model takes 1 to 8192.\n",
    );
  },
);
