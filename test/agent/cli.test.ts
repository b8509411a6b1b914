import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import * as z from "zod";
import {
  SCRIPT_VARIABLE,
  type ScriptedAnswer,
  writeScript,
} from "../../cli/scripted/script-file.ts";
import { type CliRun, runCli, spawnCli } from "../support/run-cli.ts";
import { call, edit, finish, read } from "../support/scripted-agent.ts";

const Printed = z.object({
  outcome: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("done"), text: z.string() }),
    z.object({ kind: z.literal("ended"), why: z.string(), sentence: z.string() }),
  ]),
  steps: z.array(
    z.object({
      step: z.int(),
      promptTokens: z.int(),
      reusedTokens: z.int(),
      prefilledTokens: z.int(),
      generatedTokens: z.int(),
      calls: z.array(
        z.object({ tool: z.string(), did: z.string(), end: z.string(), sentence: z.string() }),
      ),
    }),
  ),
  changed: z.array(z.string()),
  model: z.object({ name: z.string() }),
});

let folder: string;
let script: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-agent-cli-"));
  script = join(folder, "script.json");
  writeFileSync(script, "[]");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SMALL = ["--model", "tiny", "--window", "8000", "--threads", "1"];
const program = { program: "test/support/scripted-cli.ts" };

async function runAgent(answers: readonly ScriptedAnswer[], ...args: string[]): Promise<CliRun> {
  writeFileSync(join(folder, "a.ts"), "export const size = 3;\n");
  writeScript(script, answers);
  return await runCli(["agent", "Make the size 4.", "--workspace", folder, ...SMALL, ...args], "", {
    ...program,
    environment: { [SCRIPT_VARIABLE]: script, KVASIR_DATA: join(folder, ".data") },
  });
}

const size = (): string => readFileSync(join(folder, "a.ts"), "utf8");
const TASK = [read("a.ts"), edit("a.ts", "size = 3", "size = 4"), finish("The size is 4.")];

describe("kvasir agent", () => {
  it("does a task and prints one object, steps on standard error", async () => {
    const { exitCode, stdout, stderr } = await runAgent(TASK, "--yes-edits", "--json");
    expect(exitCode).toBe(0);
    expect(size()).toBe("export const size = 4;\n");
    const { outcome, steps, changed } = Printed.parse(JSON.parse(stdout));
    expect(outcome).toEqual({ kind: "done", text: "The size is 4." });
    expect(steps.map(({ calls }) => calls.map(({ did, end }) => [did, end]))).toEqual([
      [["Reading a.ts", "done"]],
      [["Editing a.ts", "done"]],
      [["Finishing", "done"]],
    ]);
    expect(steps[2]!.prefilledTokens).toBeLessThan(steps[2]!.promptTokens / 4);
    expect(changed.map((path) => path.endsWith("a.ts"))).toEqual([true]);
    expect(stderr).toMatch(
      /^\[1\] prefilled [\d,]+ of [\d,]+ tokens, 0% reused\n {2}Reading a\.ts\n {2}→ 1 line\n/u,
    );
  });

  it("prints the last word of the model without --json", async () => {
    const { exitCode, stdout } = await runAgent([finish("Nothing to do.")]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "Nothing to do.\n" });
  });

  it("changes nothing unless it may, and says how it may", async () => {
    const { exitCode, stderr } = await runAgent(TASK);
    expect(exitCode).toBe(0);
    expect(size()).toBe("export const size = 3;\n");
    expect(stderr).toContain("nobody is there to allow it (the user can, with --yes-edits).");
  });

  it("refuses what is dangerous, whatever it may", async () => {
    const removal = call("run_command", { command: "rm -rf .", seconds: 5 });
    const args = ["--yes-edits", "--yes-commands"];
    const { exitCode, stderr } = await runAgent([removal, finish("I could not.")], ...args);
    expect(exitCode).toBe(0);
    expect(size()).toBe("export const size = 3;\n");
    expect(stderr).toContain("The command was not run: nobody is there to allow it.");
  });

  it("offers three tools with --minimal", async () => {
    const { stdout } = await runAgent(TASK, "--yes-edits", "--minimal", "--json");
    const { steps, outcome } = Printed.parse(JSON.parse(stdout));
    expect(outcome.kind).toBe("done");
    expect(steps[0]!.promptTokens).toBeLessThan(600);
  });

  it("is taken back by kvasir undo, and says so", async () => {
    const { stderr } = await runAgent(TASK, "--yes-edits");
    expect(stderr).toContain("\nkvasir undo takes the changes of files back.\n");
    const undo = async (...args: string[]): Promise<CliRun> =>
      await runCli(["undo", "--workspace", folder, ...args], "", {
        environment: { KVASIR_DATA: join(folder, ".data") },
      });
    const { exitCode, stdout } = await undo("--json");
    expect(exitCode).toBe(0);
    expect(size()).toBe("export const size = 3;\n");
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "undone",
      files: [{ path: "a.ts", did: "restored" }],
      conflicts: [],
    });
    expect(await undo()).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "kvasir: There is no turn to take back in this folder.\n",
    });
  });

  it("exits with 3 and a sentence when it ends undone", async () => {
    const { exitCode, stdout, stderr } = await runAgent(TASK, "--steps", "1", "--json");
    expect(exitCode).toBe(3);
    expect(Printed.parse(JSON.parse(stdout)).outcome).toMatchObject({ why: "steps" });
    expect(stderr).toMatch(/\nkvasir: The agent has taken 1 step, its limit for one turn\.\n$/u);
  });

  it.each([
    [["agent"], "Missing required argument 'task'."],
    [["agent", " ", ...SMALL], "The task is empty."],
    [
      ["agent", "x", "--workspace", "/none/there", ...SMALL],
      "There is no folder /none/there to work in.",
    ],
    [["agent", "x", "--steps", "0"], "It has to be a whole number of at least 1."],
  ])("is told how to be used: %j", async (args, sentence) => {
    const { exitCode, stdout, stderr } = await runCli(args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toMatch(/^kvasir: [^\n]+\n$/u);
    expect(stderr).toContain(sentence);
  });

  it.skipIf(process.platform === "win32")("stops with the command it runs on Ctrl-C", async () => {
    writeScript(script, [
      call("run_command", { command: "echo begun; sleep 60; touch late", seconds: 90 }),
    ]);
    const child = spawnCli(["agent", "Wait.", "--workspace", folder, "--yes-commands", ...SMALL], {
      ...program,
      environment: { [SCRIPT_VARIABLE]: script },
    });
    let stderr = "";
    let interrupted = false;
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      // Once, when the command has spoken: a second one would end the program on the spot.
      if (interrupted || !/^\s*begun$/mu.test(stderr)) return;
      interrupted = true;
      child.kill("SIGINT");
    });
    // Its last words arrive after its end.
    const [exitCode] = (await once(child, "close")) as [number];
    expect(exitCode).toBe(130);
    expect(stderr).toContain("The user stopped the agent.");
  });
});
