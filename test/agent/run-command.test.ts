import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ToolBench } from "../support/tool-bench.ts";

let bench: ToolBench;
beforeEach(() => {
  bench = new ToolBench();
});
afterEach(() => bench.forget());

describe("run_command", () => {
  it("shows output, errors and the exit code", async () => {
    expect(
      await bench.run("run_command", { command: "echo out; echo err >&2; exit 3" }),
    ).toMatchObject({
      text: "Exit code 3.\nout\nerr",
    });
  });

  it("reads from nothing and paints nothing", async () => {
    expect(
      await bench.run("run_command", { command: "cat; printf '\\033[31mred\\033[0m $TERM'" }),
    ).toMatchObject({
      text: "Exit code 0.\nred $TERM",
    });
  });

  it("shows head and tail of a long output, and the rest on demand", async () => {
    const outcome = await bench.run("run_command", { command: "seq 1 1000" });
    if (outcome.kind !== "done") throw new Error(outcome.text);
    const shown = outcome.text.split("\n");
    expect(shown).toHaveLength(1 + 30 + 1 + 60);
    expect(shown.at(-1)).toBe("1000");
    expect(shown[31]).toBe('[1000 lines in all; read_file with path "output:1" shows the others]');
    const rest = await bench.run("read_file", { path: "output:1", start_line: 500, end_line: 502 });
    expect(rest).toMatchObject({ text: "500\n501\n502" });
  });

  it("ends at its time limit, with everything that it started", async () => {
    const command = "(sleep 30; echo late > late.txt) & sleep 30";
    const terminal = (await bench.host()).terminal;
    let output = "";
    const end = await terminal.run(`echo begun; ${command}`, {
      folder: bench.root,
      timeLimitMs: 300,
      signal: new AbortController().signal,
      onOutput: (text) => (output += text),
    });
    expect(end).toEqual({ kind: "timedOut" });
    expect(output).toBe("begun\n");
    const left = await bench.run("run_command", {
      command: `ps ax -o command= | grep -c "[s]leep 30" | cat`,
    });
    expect(left).toMatchObject({ text: "Exit code 0.\n0" });
  });

  it("starts nothing once it is stopped", async () => {
    const { terminal } = await bench.host();
    const end = await terminal.run("echo begun > begun.txt", {
      folder: bench.root,
      timeLimitMs: 20_000,
      signal: AbortSignal.abort(),
      onOutput: () => undefined,
    });
    expect(end).toEqual({ kind: "stopped" });
    expect(bench.snapshot()).toEqual({});
  });

  it.each([
    ["is gone", "gone", "There is no folder "],
    [
      "is a file",
      "file",
      "The shell could not be started: a file stands where a folder is needed.",
    ],
  ])("says so where its folder %s", async (_, folder, sentence) => {
    bench.write({ file: "" });
    const { terminal } = await bench.host();
    const end = await terminal.run("true", {
      folder: join(bench.root, folder),
      timeLimitMs: 20_000,
      signal: new AbortController().signal,
      onOutput: () => undefined,
    });
    expect(end.kind === "failed" ? end.sentence : end.kind).toContain(sentence);
  });

  it("can be stopped while it turns out that it cannot start", async () => {
    const { terminal } = await bench.host();
    const stop = new AbortController();
    const running = terminal.run("true", {
      folder: join(bench.root, "gone"),
      timeLimitMs: 20_000,
      signal: stop.signal,
      onOutput: () => undefined,
    });
    stop.abort();
    expect(await running).toEqual({ kind: "stopped" });
  });

  it("leaves nothing running behind a command that has ended", async () => {
    const { terminal } = await bench.host();
    const end = await terminal.run("sleep 31 & echo done", {
      folder: bench.root,
      timeLimitMs: 20_000,
      signal: new AbortController().signal,
      onOutput: () => undefined,
    });
    expect(end).toEqual({ kind: "exited", code: 0 });
    const left = await bench.run("run_command", {
      command: `ps ax -o command= | grep -c "[s]leep 31" | cat`,
    });
    expect(left).toMatchObject({ text: "Exit code 0.\n0" });
  });
});
