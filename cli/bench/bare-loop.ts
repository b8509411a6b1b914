import { type ChildProcess, fork } from "node:child_process";
import { programFile } from "../program-file.ts";
import { SIDECAR_THREADPOOL_SIZE } from "../sidecar-process.ts";
import { BareAnswer, type BareRequest, type BareSettings } from "./bare-messages.ts";

export type Decoded = Extract<BareAnswer, { kind: "decoded" }>;

/** The bare decode loop in a process of its own, as seen from the benchmark. */
export class BareLoop {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(settings: BareSettings): Promise<BareLoop> {
    const child = fork(programFile("bare-decode.mjs"), [], {
      env: { ...process.env, UV_THREADPOOL_SIZE: SIDECAR_THREADPOOL_SIZE },
      execArgv: [],
      stdio: ["ignore", "ignore", "ignore", "ipc"],
    });
    const loop = new BareLoop(child);
    try {
      await loop.#ask({ kind: "load", settings });
      return loop;
    } catch (error) {
      loop.stop();
      throw error;
    }
  }

  async decode(tokensMax: number): Promise<Decoded> {
    const answer = await this.#ask({ kind: "decode", tokensMax });
    if (answer.kind !== "decoded") throw new Error("The bare decode loop gave no figures.");
    return answer;
  }

  stop(): void {
    this.#child.kill("SIGKILL");
  }

  async #ask(request: BareRequest): Promise<BareAnswer> {
    const child = this.#child;
    const answer = await new Promise<BareAnswer>((resolve, reject) => {
      const onMessage = (message: unknown): void => {
        settle();
        resolve(BareAnswer.parse(message));
      };
      const onEnd = (): void => {
        settle();
        reject(new Error("The bare decode loop ended unexpectedly."));
      };
      const settle = (): void => {
        child.off("message", onMessage).off("exit", onEnd).off("error", onEnd);
      };
      child.on("message", onMessage).on("exit", onEnd).on("error", onEnd);
      child.send(request, (error) => {
        if (error !== null) onEnd();
      });
    });
    if (answer.kind === "failed") throw new Error(`The bare decode loop: ${answer.message}`);
    return answer;
  }
}
