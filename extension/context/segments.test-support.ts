import type { AnswerSegment, TextSegment } from "../../protocol/segment.ts";

export function userSegment(id: string, text = `text of ${id}`): TextSegment {
  return { id, kind: "message", stability: "history", role: "user", text };
}

export function answerSegment(id: string, text = `text of ${id}`): AnswerSegment {
  const generated = { fingerprint: "model", tokens: [1, 2, 3] };
  return { id, kind: "answer", stability: "recent", role: "assistant", text, generated };
}
