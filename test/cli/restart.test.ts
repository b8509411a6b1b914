import { expect, it } from "vitest";
import { runCli } from "../support/run-cli.ts";

type Row = Readonly<Record<string, number>>;

it.each(["tiny", "tiny-lfm2"])(
  "bench restart restores every token of %s in fresh processes, to the bit",
  async (model) => {
    const { exitCode, stdout } = await runCli(
      `bench restart --model ${model} --threads 1 --quick --json`.split(" "),
    );
    expect(exitCode).toBe(0);
    const report = JSON.parse(stdout) as { readonly rows: readonly Row[]; readonly summary: Row };
    expect(report).toMatchObject({ bench: "restart", version: 1, summary: {} });
    expect(report.rows.map((row) => row["promptTokens"])).toEqual([512, 2048]);
    for (const row of report.rows) {
      expect(row).toMatchObject({ model: `kvasir-${model}`, kl: 0 });
      expect(row["bytesOnDisk"]).toBeGreaterThan(0);
      expect(row["speedup"]).toBeCloseTo(row["coldMs"]! / row["restoreMs"]!);
      for (const figure of ["lookupMs", "saveMs", "heldMsMax"]) {
        expect(row[figure]).toBeGreaterThan(0);
      }
    }
    expect(report.summary).toMatchObject({ lookupPromptTokens: 32_768, windows: 3 });
    for (const figure of ["lookupMs", "stateLookupMs", "windowsLookupMs"]) {
      expect(report.summary[figure]).toBeGreaterThan(0);
    }
  },
);

it("bench restart refuses a model that is too small in one sentence", async () => {
  const { exitCode, stdout, stderr } = await runCli(["bench", "restart", "--model", "tiny"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
  expect(stderr).toContain("kvasir: A context size of 8448 tokens is not possible");
});
