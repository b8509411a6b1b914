import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  SCRIPT_VARIABLE,
  type ScriptedAnswer,
  writeScript,
} from "../../cli/scripted/script-file.ts";
import { type CliRun, runCli } from "../support/run-cli.ts";
import { call, edit, finish, read } from "../support/scripted-agent.ts";

const Printed = z.object({ steps: z.array(z.object({ promptTokens: z.int() })) });

let parent: string;
let folder: string;
let lessons: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "kvasir-agent-context-"));
  folder = mkdtempSync(join(parent, "workspace-"));
  lessons = join(parent, "lessons.md");
  writeFileSync(join(folder, "a.ts"), "export const boxSize = 3;\n".repeat(20));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

async function runAgent(answers: readonly ScriptedAnswer[], ...args: string[]): Promise<CliRun> {
  const script = join(parent, "script.json");
  writeScript(script, answers);
  const model = ["--model", "tiny", "--window", "8000", "--threads", "1", "--json"];
  return await runCli(["agent", "Make boxSize 4.", "--workspace", folder, ...model, ...args], "", {
    program: "test/support/scripted-cli.ts",
    environment: { [SCRIPT_VARIABLE]: script },
  });
}

const promptTokens = ({ stdout }: CliRun): number =>
  Printed.parse(JSON.parse(stdout)).steps[0]!.promptTokens;
const run = (command: string): ScriptedAnswer => call("run_command", { command, seconds: 20 });

describe("kvasir agent tells the model of the folder", () => {
  it("unless it shall not, or the prompt is to be short", async () => {
    const done = [finish("Done.")];
    const told = promptTokens(await runAgent(done));
    expect(promptTokens(await runAgent(done, "--no-context"))).toBeLessThan(told - 50);
    const minimal = promptTokens(await runAgent(done, "--minimal"));
    expect(promptTokens(await runAgent(done, "--minimal", "--no-context"))).toBe(minimal);
  });

  it.skipIf(process.platform === "win32")(
    "and learns from what failed, for the next time",
    async () => {
      const answers = [
        run("grep -q 4 a.ts || { echo 'Error: no 4'; exit 1; }"),
        read("a.ts"),
        call("write_file", { path: "a.ts", content: "export const boxSize = 4;\n" }),
        run("grep -q 4 a.ts || { echo 'Error: no 4'; exit 1; }"),
        finish("Done."),
      ];
      const first = await runAgent(answers, "--yes-edits", "--yes-commands", "--lessons", lessons);
      expect(first.exitCode).toBe(0);
      expect(readFileSync(lessons, "utf8")).toContain(
        "- `grep -q 4 a.ts || { echo 'Error: no 4'; exit 1; }` failed, saying `Error: no 4`; " +
          "it passed after a change of `a.ts`.\n",
      );
      const without = promptTokens(await runAgent([finish("Done.")]));
      const withLessons = promptTokens(await runAgent([finish("Done.")], "--lessons", lessons));
      expect(withLessons).toBeGreaterThan(without + 20);
    },
  );

  it("and says so when lessons cannot be read or kept", async () => {
    const { exitCode, stderr } = await runAgent(
      [run("false"), edit("a.ts", "none", "none"), finish("Done.")],
      "--lessons",
      folder,
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain("“Lessons” was left out of this turn: Error: EISDIR");
    expect(existsSync(lessons)).toBe(false);
  });
});
