import { expect, it } from "vitest";
import type { AnswerSegment, Segment } from "../../protocol/segment.ts";
import { Transcript } from "./transcript.ts";

const TOOL = { name: "ls", description: "Lists." };

function said(id: string): Segment {
  return { id, kind: "message", stability: "history", role: "user", text: `text of ${id}` };
}

function transcriptOf(...ids: readonly string[]): Transcript {
  const transcript = new Transcript({ tools: [TOOL] });
  for (const id of ids) transcript.apply({ kind: "append", segment: said(id) });
  return transcript;
}

function idsOf({ window }: Transcript): string[] {
  return window.segments.map(({ id }) => id);
}

it("shows messages in order, with the tools of the session", () => {
  const { window } = transcriptOf("a", "b");
  expect(window.segments).toEqual([said("a"), said("b")]);
  expect(window.tools).toEqual([TOOL]);
});

it("rewrites the list in place where the agent did", () => {
  const transcript = transcriptOf("a", "b", "c", "d");
  transcript.apply({ kind: "splice", start: 1, delete: 2, insert: [said("x")] });
  expect(idsOf(transcript)).toEqual(["a", "x", "d"]);
  transcript.apply({ kind: "splice", start: 3, delete: 0, insert: [said("y"), said("z")] });
  expect(idsOf(transcript)).toEqual(["a", "x", "d", "y", "z"]);
});

it("keeps the ids that were decoded for an answer", () => {
  const transcript = transcriptOf("a");
  const answer: AnswerSegment = {
    id: "b",
    kind: "answer",
    stability: "history",
    role: "assistant",
    text: "yes",
  };
  const generated = { fingerprint: "f", tokens: [1, 2] };
  transcript.adopt(answer, generated);
  expect(transcript.window.segments[1]).toEqual({ ...answer, generated });
});

it("leaves a window that was taken before as it was, and gives the next one another version", () => {
  const transcript = transcriptOf("a");
  const before = transcript.window;
  transcript.apply({ kind: "splice", start: 0, delete: 1, insert: [] });
  expect(before.segments).toEqual([said("a")]);
  expect(transcript.window.version).toBeGreaterThan(before.version);
});
