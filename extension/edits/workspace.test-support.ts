import type { Checkpoints, UndoOutcome } from "./checkpoints.ts";

/** Files as texts, written the way the agent writes them: kept before, noted after. */
export class Workspace {
  readonly files = new Map<string, string>();
  readonly #checkpoints: Checkpoints;

  constructor(checkpoints: Checkpoints, files: Record<string, string> = {}) {
    this.#checkpoints = checkpoints;
    for (const [path, text] of Object.entries(files)) this.files.set(path, text);
  }

  /** A turn of the agent; null removes a file. */
  async turn(turnId: string, changes: Record<string, string | null>): Promise<void> {
    await this.#checkpoints.begin(turnId);
    for (const [path, text] of Object.entries(changes)) {
      await this.#checkpoints.beforeWrite(turnId, path, this.bytes(path));
      this.set(path, text);
      await this.#checkpoints.afterWrite(turnId, path, this.bytes(path));
    }
  }

  /** A change by someone else, which no checkpoint knows of. */
  set(path: string, text: string | null): void {
    if (text === null) this.files.delete(path);
    else this.files.set(path, text);
  }

  bytes(path: string): Uint8Array | null {
    const text = this.files.get(path);
    return text === undefined ? null : new Uint8Array(Buffer.from(text));
  }

  async undo(turnId: string): Promise<Extract<UndoOutcome, { kind: "ready" }>> {
    return this.#write(await this.#checkpoints.undo(turnId, async (path) => this.bytes(path)));
  }

  async restore(turnId: string): Promise<Extract<UndoOutcome, { kind: "ready" }>> {
    return this.#write(await this.#checkpoints.restore(turnId, async (path) => this.bytes(path)));
  }

  #write(outcome: UndoOutcome): Extract<UndoOutcome, { kind: "ready" }> {
    if (outcome.kind === "refused") throw new Error(outcome.sentence);
    for (const [path, bytes] of outcome.writes) {
      this.set(path, bytes === null ? null : Buffer.from(bytes).toString());
    }
    return outcome;
  }

  get texts(): Record<string, string> {
    return Object.fromEntries(this.files);
  }
}
