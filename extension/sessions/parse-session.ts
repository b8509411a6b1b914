import type * as z from "zod";
import type { Segment, Tool } from "../../protocol/segment.ts";
import { MessageReader } from "./message-segment.ts";
import { RecordedHeader, RecordedSplice } from "./recorded-line.ts";
import type { RecordedFrame, RecordedSession, RecordedStep } from "./recorded-session.ts";

/** Says nothing about the list of messages. */
const SKIPPED_EVENTS = new Set<unknown>(["edit", "usage"]);

export type ParsedSession =
  | { readonly kind: "session"; readonly session: RecordedSession }
  /** One sentence that names the line. */
  | { readonly kind: "refused"; readonly sentence: string };

/** Reads a recording, or says what is wrong with it. */
export function parseSession(file: string, text: string): ParsedSession {
  const reader = new SessionReader(file);
  try {
    for (const [index, line] of text.split("\n").entries()) {
      if (line.trim() !== "") reader.read(line, index + 1);
    }
    return { kind: "session", session: reader.finished() };
  } catch (error) {
    if (error instanceof Fault) return { kind: "refused", sentence: error.message };
    throw error;
  }
}

/** Ends the reading wherever it is found. Never leaves this file. */
class Fault extends Error {
  override readonly name = "Fault";
}

class SessionReader {
  readonly #file: string;
  readonly #messages = new MessageReader();
  readonly #steps: RecordedStep[] = [];
  #header: z.infer<typeof RecordedHeader> | null = null;
  /** Messages in the list after the steps so far. */
  #length = 0;

  constructor(file: string) {
    this.#file = file;
  }

  read(text: string, line: number): void {
    const value = this.#objectOf(text, line);
    if (this.#header === null) this.#header = this.#headerOf(value, line);
    else if (!("event" in value)) this.#readMessage(value, line);
    else if (value["event"] === "splice") this.#readSplice(value, line);
    else if (!SKIPPED_EVENTS.has(value["event"])) {
      this.#refuse(line, `has an event that is not known, “${String(value["event"])}”`);
    }
  }

  finished(): RecordedSession {
    const [file, steps] = [this.#file, this.#steps];
    if (this.#header === null) throw new Fault(`${file} is empty.`);
    if (!steps.some(({ kind }) => kind === "call")) {
      throw new Fault(`${file} records no answer of a model.`);
    }
    const { task, kvasir } = this.#header;
    const own: RecordedFrame | null = kvasir ?? null;
    return { file, tools: toolsOf(this.#header), task: task ?? null, own, steps };
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

  #headerOf(value: Record<string, unknown>, line: number): z.infer<typeof RecordedHeader> {
    const header = RecordedHeader.safeParse(value);
    if (!header.success || "role" in value || "event" in value) {
      this.#refuse(line, "is not the header of a recording, which names its source");
    }
    return header.data;
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
    throw new Fault(`Line ${line} of ${this.#file} ${reason}.`);
  }
}

function toolsOf({ tools }: z.infer<typeof RecordedHeader>): readonly Tool[] {
  return (tools ?? []).map(({ function: { name, description, parameters } }) => ({
    name,
    description,
    ...(parameters === undefined ? {} : { parameters }),
  }));
}
