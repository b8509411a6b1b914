import { constants } from "node:os";

const SIGNAL_EXIT_BASE = 128;

/** What it does to this process when whoever started it has had enough. */
export class Interrupts {
  readonly #controller = new AbortController();
  #exitCode: number | null = null;

  /** Watches the process: Ctrl-C, being told to end, and nobody reading the output any more. */
  static watch(process: NodeJS.Process): Interrupts {
    const interrupts = new Interrupts();
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.on(signal, () => {
        const exitCode = SIGNAL_EXIT_BASE + constants.signals[signal];
        // Whoever asks twice does not want to wait. The sidecar ends when its channel closes.
        if (interrupts.signal.aborted) process.exit(exitCode);
        interrupts.interrupt(exitCode);
      });
    }
    process.stdout.on("error", (error: NodeJS.ErrnoException) => {
      // The reader, such as `head`, has all it wants: that is no failure.
      interrupts.interrupt(error.code === "EPIPE" ? 0 : 1);
    });
    // Without a reader of messages there is nobody to tell that they cannot be written.
    process.stderr.on("error", () => undefined);
    return interrupts;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that the interruption asks for; `null` while nothing interrupted. */
  get exitCode(): number | null {
    return this.#exitCode;
  }

  interrupt(exitCode: number): void {
    this.#exitCode ??= exitCode;
    this.#controller.abort();
  }
}
