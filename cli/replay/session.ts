import type { RecordedSession } from "../../extension/sessions/recorded-session.ts";

export function callsOf(session: RecordedSession): number {
  return session.steps.filter(({ kind }) => kind === "call").length;
}

/** What a session is called in tables. */
export function nameOf({ file }: RecordedSession): string {
  return file.replace(/\.jsonl$/u, "");
}
