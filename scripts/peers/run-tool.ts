import { type ChildProcess, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { LastLines } from "../../cli/last-lines.ts";

const LINES_MAX = 200;
const HAS_GROUPS = process.platform !== "win32";

export type ToolOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly lines: readonly string[] };

/**
 * Runs a tool of the system behind everything else on the machine. An abort ends it with all that it
 * has started, for which it gets a process group of its own.
 */
export async function runTool(
  tool: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<ToolOutcome> {
  signal.throwIfAborted();
  const child = spawn(tool, args, { stdio: ["ignore", "pipe", "pipe"], detached: HAS_GROUPS });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const lines = new LastLines(LINES_MAX);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => lines.add(text));
  }
  const end = (): void => endAll(child);
  signal.addEventListener("abort", end, { once: true });
  process.once("exit", end);
  try {
    return await new Promise<ToolOutcome>((resolve) => {
      child.on("error", (error: NodeJS.ErrnoException) => {
        const missing = error.code === "ENOENT";
        resolve(missing ? { kind: "missing" } : { kind: "failed", lines: [error.message] });
      });
      child.on("close", (code) => {
        resolve(code === 0 ? { kind: "done" } : { kind: "failed", lines: lines.all });
      });
    });
  } finally {
    signal.removeEventListener("abort", end);
    process.off("exit", end);
  }
}

function endAll(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  try {
    if (HAS_GROUPS) process.kill(-child.pid, "SIGKILL");
    else child.kill("SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}
