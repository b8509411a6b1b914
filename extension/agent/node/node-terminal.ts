import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import type { CommandEnd, Terminal } from "../ports/terminal.ts";
import { startProblem } from "./node-start-problem.ts";

/** How long a command may take to end by itself when it is told to. */
const END_MS_MAX = 2_000;
/** How long the last output of an ended command may take to arrive. */
const LAST_WORDS_MS_MAX = 200;

/** Programs that would wait for a key, or paint, do neither. */
const ENVIRONMENT = {
  TERM: "dumb",
  NO_COLOR: "1",
  PAGER: "cat",
  GIT_PAGER: "cat",
  GIT_TERMINAL_PROMPT: "0",
  GIT_EDITOR: "true",
};

const windows = process.platform === "win32";

type Options = Parameters<Terminal["run"]>[1];

/** Runs commands in the system's shell, without anything to read from. */
export class NodeTerminal implements Terminal {
  readonly shell: Terminal["shell"] = windows ? "other" : "posix";

  async run(command: string, options: Options): Promise<CommandEnd> {
    if (options.signal.aborted) return { kind: "stopped" };
    const child = tryStart(command, options);
    if (child instanceof Error) return await notStarted(child, options.folder);
    let early: "timedOut" | "stopped" | null = null;
    const stopAs = (kind: "timedOut" | "stopped") => (): void => {
      early ??= kind;
      void killTree(child);
    };
    const stop = stopAs("stopped");
    const timer = setTimeout(stopAs("timedOut"), options.timeLimitMs);
    options.signal.addEventListener("abort", stop, { once: true });
    try {
      const end = await endOf(child, options.folder);
      // What the command left running holds its output open, and would outlive it.
      const closed = once(child, "close");
      await Promise.race([closed, delay(LAST_WORDS_MS_MAX)]);
      signalTree(child, "SIGKILL");
      return early === null ? end : { kind: early };
    } finally {
      clearTimeout(timer);
      options.signal.removeEventListener("abort", stop);
    }
  }
}

/** Some of the reasons for which nothing starts are thrown, and others come as an event. */
function tryStart(command: string, options: Options): ChildProcess | Error {
  try {
    return start(command, options);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function notStarted(error: Error, folder: string): Promise<CommandEnd> {
  return { kind: "failed", sentence: await startProblem(error, { program: "The shell", folder }) };
}

function start(command: string, { folder, onOutput }: Options): ChildProcess {
  const [file, args] = windows
    ? [process.env["ComSpec"] ?? "cmd.exe", ["/d", "/s", "/c", `"${command}"`]]
    : ["/bin/sh", ["-c", command]];
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, ...ENVIRONMENT },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that all of it can be ended at once.
    detached: !windows,
    windowsHide: true,
    windowsVerbatimArguments: windows,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => onOutput(plain(text)));
  }
  return child;
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll("\r\n", "\n");
}

async function endOf(child: ChildProcess, folder: string): Promise<CommandEnd> {
  return await new Promise((resolve) => {
    child.once("error", (error) => resolve(notStarted(error, folder)));
    child.once("exit", (code, by) =>
      resolve(code === null ? { kind: "killed", by: by ?? "a signal" } : { kind: "exited", code }),
    );
  });
}

async function killTree(child: ChildProcess): Promise<void> {
  // One that never started does not end either.
  const ended = once(child, "exit").catch(() => "never started");
  signalTree(child, "SIGTERM");
  const patience = delay(END_MS_MAX, "late", { ref: false });
  if ((await Promise.race([ended, patience])) === "late") signalTree(child, "SIGKILL");
}

function signalTree(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (windows) spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    else process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}
