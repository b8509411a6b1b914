import type { Segment, Tool } from "../../protocol/segment.ts";
import { Refusal } from "../../sidecar/refusal.ts";
import { MessageReader } from "./message-segment.ts";
import { RecordedHeader, RecordedSplice } from "./recorded-line.ts";
import type { Session, Step } from "./session.ts";

/** Says nothing about the list of messages. */
const SKIPPED_EVENTS = new Set<unknown>(["edit", "usage"]);

/** Reads a recording. Refuses one that cannot be played, with one sentence that names the line. */
export function parseSession(file: string, text: string): Session {
  const reader = new SessionReader(file);
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() !== "") reader.read(line, index + 1);
  }
  return reader.finished();
}

class SessionReader {
  readonly #file: string;
  readonly #messages = new MessageReader();
  readonly #steps: Step[] = [];
  #tools: readonly Tool[] | null = null;
  /** Messages in the list after the steps so far. */
  #length = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string, line: number): void {
    const value = this.#objectOf(text, line);
    if (this.#tools === null) this.#tools = this.#toolsOf(value, line);
    else if (!("event" in value)) this.#readMessage(value, line);
    else if (value["event"] === "splice") this.#readSplice(value, line);
    else if (!SKIPPED_EVENTS.has(value["event"])) {
      this.#refuse(line, `has an event that is not known, “${String(value["event"])}”`);
    }
  }

  finished(): Session {
    if (this.#tools === null) throw new Refusal("badRequest", `${this.#file} is empty.`);
    if (!this.#steps.some(({ kind }) => kind === "call")) {
      throw new Refusal("badRequest", `${this.#file} records no answer of a model.`);
    }
    return { file: this.#file, tools: this.#tools, steps: this.#steps };
  }

  #objectOf(text: string, line: number): Record<string, unknown> {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      value = null;
    }
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.#refuse(line, "is not a JSON object");
    }
    return value as Record<string, unknown>;
  }

  #toolsOf(value: Record<string, unknown>, line: number): readonly Tool[] {
    const header = RecordedHeader.safeParse(value);
    if (!header.success || "role" in value || "event" in value) {
      this.#refuse(line, "is not the header of a recording, which names its source");
    }
    const tools = header.data.tools ?? [];
    return tools.map(({ function: { name, description, parameters } }) => ({
      name,
      description,
      ...(parameters === undefined ? {} : { parameters }),
    }));
  }

  #readMessage(value: unknown, line: number): void {
    const { segment, isCall } = this.#segmentOf(value, line, { id: `line ${line}`, past: false });
    if (!isCall || segment.role !== "assistant") this.#steps.push({ kind: "append", segment });
    else if (this.#length === 0) this.#refuse(line, "is an answer with no prompt before it");
    else this.#steps.push({ kind: "call", line, answer: segment });
    this.#length++;
  }

  #readSplice(value: unknown, line: number): void {
    const splice = RecordedSplice.safeParse(value);
    if (!splice.success) this.#refuse(line, "is not a splice of messages");
    const { start, delete: deleted, insert: inserted } = splice.data;
    if (start + deleted > this.#length) {
      this.#refuse(
        line,
        `splices messages ${start} to ${start + deleted} of a list of ${this.#length}`,
      );
    }
    const insert = inserted.map(
      (message, index) =>
        this.#segmentOf(message, line, { id: `line ${line} message ${index}`, past: true }).segment,
    );
    this.#steps.push({ kind: "splice", start, delete: deleted, insert });
    this.#length += insert.length - deleted;
  }

  #segmentOf(
    value: unknown,
    line: number,
    { id, past }: { readonly id: string; readonly past: boolean },
  ): { readonly segment: Segment; readonly isCall: boolean } {
    const outcome = this.#messages.read(value, id, past);
    if (outcome.kind === "unreadable") this.#refuse(line, outcome.reason);
    return outcome;
  }

  #refuse(line: number, reason: string): never {
    throw new Refusal("badRequest", `Line ${line} of ${this.#file} ${reason}.`);
  }
}
