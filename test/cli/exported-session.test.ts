import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Totals } from "../../cli/replay/summary.ts";
import { exportSession } from "../../extension/sessions/export-session.ts";
import { importSession } from "../../extension/sessions/import-session.ts";
import { session } from "../../extension/sessions/session.test-support.ts";
import { runCli } from "../support/run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "kvasir-exported-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function replayed(text: string): Promise<Totals> {
  const path = join(folder, "session.jsonl");
  writeFileSync(path, text);
  const { exitCode, stdout, stderr } = await runCli(["replay", path, "--json"]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return (JSON.parse(stdout) as { summary: Totals }).summary;
}

it("is played by `kvasir replay` as the calls of the model that it records", async () => {
  const once = exportSession(session, [{ path: "/people/ada", shownAs: "~" }]);
  const totals = await replayed(once);
  expect(totals.turns).toBe(3);
  // Each call finds all of the one before it.
  expect(totals.prefilledTokens).toBeLessThan(totals.promptTokens / 2);
  const options = { newId: () => crypto.randomUUID(), today: "2026-02-01" };
  const imported = importSession("session.jsonl", once, options);
  if (imported.kind === "refused") throw new Error(imported.sentence);
  // The note that an import leaves stands behind the last call.
  expect(await replayed(exportSession(imported.session, []))).toEqual({
    ...totals,
    firstTokenMsP50: expect.any(Number) as number,
    firstTokenMsP95: expect.any(Number) as number,
  });
});
