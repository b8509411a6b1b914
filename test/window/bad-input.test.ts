import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ChangeContext, OpenContext } from "../../protocol/context.ts";
import type { TextChange } from "../../protocol/edit.ts";
import { type ErrorData, errorDataOf } from "../../protocol/errors.ts";
import type { TextSegment } from "../../protocol/segment.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";

let sidecar: InProcessSidecar;

beforeAll(async () => {
  sidecar = await InProcessSidecar.start();
});
afterAll(() => sidecar.stop());

const ONE_SENTENCE = /^[^\n]+\.$/u;

function segment(text: string): TextSegment {
  return { id: "s", role: "user", kind: "file", stability: "recent", text };
}

async function open(text: string): Promise<null> {
  const params = { contextId: "c", version: 1, segments: [segment(text)], tools: [] };
  return await sidecar.request(OpenContext, params);
}

async function patch(change: TextChange): Promise<null> {
  const edits = [{ kind: "patch" as const, id: "s", changes: [change] }];
  const params = { contextId: "c", fromVersion: 1, version: 2, edits };
  return await sidecar.request(ChangeContext, params);
}

function range(line: number, from: number, to: number, text = ""): TextChange {
  return { range: { start: { line, character: from }, end: { line, character: to } }, text };
}

async function errorOf(request: Promise<unknown>): Promise<ErrorData | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    return errorDataOf(error);
  }
}

describe("a change of a text is refused in one sentence, and nothing is changed", () => {
  it.each([
    ["outside its line", range(0, 0, 9), "badEdit", "Line 0, character 9 is outside the text."],
    ["outside the text", range(7, 0, 0), "badEdit", "Line 7, character 0 is outside the text."],
    ["backwards", range(0, 3, 1), "badEdit", "A text change ends before it starts."],
    ["into a character", range(0, 1, 2), "badEdit", "A text change cuts a character in half."],
    [
      "to half a character",
      range(0, 0, 1, "\udc00"),
      "badRequest",
      "The text holds half a character (a lone surrogate).",
    ],
  ])("when it reaches %s", async (_, change, kind, sentence) => {
    await open("a😀b\n");
    const error = await errorOf(patch(change));
    expect(error?.kind).toBe(kind);
    expect(error?.message).toContain(sentence);
    expect(error?.message).toMatch(ONE_SENTENCE);
    // The mirror still is at the version before, with the text before.
    expect(await errorOf(patch(range(0, 3, 4, "c")))).toBeUndefined();
  });
});

it("refuses a window that holds half a character", async () => {
  const error = await errorOf(open("a\ud83d"));
  expect(error).toMatchObject({ kind: "badRequest" });
  expect(error?.message).toMatch(ONE_SENTENCE);
});
