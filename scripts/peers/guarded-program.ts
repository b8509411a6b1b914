import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { LastLines } from "../../cli/last-lines.ts";

const LINES_MAX = 20;

/** A program of others that ends with this process, and whose last lines explain its failure. */
export class GuardedProgram {
  readonly #guard: ChildProcess;
  readonly #said = new LastLines(LINES_MAX);

  constructor(program: string, args: readonly string[], onText: (text: string) => void) {
    this.#guard = fork(fileURLToPath(new URL("./guard.ts", import.meta.url)), [program, ...args], {
      execArgv: [],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    this.#guard.on("error", () => undefined);
    for (const stream of [this.#guard.stdout, this.#guard.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#said.add(text);
        onText(text);
      });
    }
  }

  get lastLine(): string | undefined {
    return this.#said.all.at(-1);
  }

  /** Resolves when the program has ended and all its output has been read. */
  async ended(): Promise<void> {
    if (this.#hasEnded) return;
    await once(this.#guard, "close");
  }

  /** Ends the program and waits until it has. */
  async stop(): Promise<void> {
    // Any message will do. Disconnecting would do too, but then `close` is never emitted.
    if (this.#guard.connected) this.#guard.send("end", () => undefined);
    await this.ended();
  }

  get #hasEnded(): boolean {
    return this.#guard.exitCode !== null || this.#guard.signalCode !== null;
  }
}
