import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { StopReason } from "../../protocol/generate.ts";
import { Usage } from "../../protocol/usage.ts";
import { runCli, spawnCli } from "../support/run-cli.ts";

const short = ["generate", "--model", "tiny", "--window", "1024", "--max-tokens", "8"];

const Printed = z.object({
  text: z.string(),
  reasoning: z.string().nullable(),
  stop: StopReason,
  usage: Usage,
  firstTokenMs: z.number(),
  model: z.object({ name: z.string(), windowTokens: z.int() }),
});

describe("kvasir generate", () => {
  it("prints the answer and nothing else", async () => {
    const { exitCode, stdout, stderr } = await runCli(short, "Hello");
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout).toMatch(/\S\n$/u);
  });

  it("prints one object with --json", async () => {
    const { exitCode, stdout } = await runCli([...short, "--json"], "Hello");
    expect(exitCode).toBe(0);
    const { text, stop, usage, model } = Printed.parse(JSON.parse(stdout));
    expect(text).not.toBe("");
    expect(stop).toBe("maxTokens");
    expect(usage).toMatchObject({ generatedTokens: 8, prefixTokens: 0 });
    expect(model).toEqual({ name: "kvasir-tiny", windowTokens: 1_024 });
  });

  it("gives the same answer to the same prompt", async () => {
    const first = await runCli([...short, "--system", "Be brief."], "Hello");
    const second = await runCli([...short, "--system", "Be brief."], "Hello");
    expect(second.stdout).toBe(first.stdout);
  });

  it("ends quietly when nobody reads on, and leaves no sidecar behind", async () => {
    const child = spawnCli(["generate", "--model", "tiny"]);
    let stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin?.end("Hello");
    await once(child.stdout!, "data");
    const sidecars = childrenOf(child.pid!);
    child.stdout?.destroy();
    const [exitCode] = (await once(child, "exit")) as [number];
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(sidecars.filter(isRunning)).toEqual([]);
  });

  it.skipIf(process.platform === "win32")("ends with 130 after Ctrl-C", async () => {
    const child = spawnCli(["generate", "--model", "tiny"]);
    child.stdin?.end("Hello");
    await once(child.stdout!, "data");
    child.stdout?.resume();
    child.kill("SIGINT");
    const [exitCode] = (await once(child, "exit")) as [number];
    expect(exitCode).toBe(130);
  });
});

/** The running children of a process, where the system shows them as files. */
function childrenOf(processId: number): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((id) => parentOf(id) === processId);
}

function isRunning(processId: number): boolean {
  return parentOf(processId) !== null;
}

function parentOf(processId: number): number | null {
  try {
    const status = readFileSync(`/proc/${processId}/stat`, "utf8");
    // The name stands in brackets and may hold anything; behind it come state and parent.
    const [state, parent] = status.slice(status.lastIndexOf(")") + 2).split(" ");
    return state === "Z" ? null : Number(parent);
  } catch {
    return null;
  }
}
