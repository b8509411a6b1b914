import { expect, it } from "vitest";
import type { Segment } from "../../protocol/segment.ts";
import type { SavedSession } from "../window/stored-session.ts";
import { exportSession } from "./export-session.ts";
import { importSession } from "./import-session.ts";
import { session } from "./session.test-support.ts";

const paths = [{ path: "/people/ada", shownAs: "~" }];

function imported(text: string): SavedSession {
  let ids = 0;
  const options = { newId: () => `id ${ids++}`, today: "2026-02-01" };
  const outcome = importSession("a.jsonl", text, options);
  if (outcome.kind === "refused") throw new Error(outcome.sentence);
  return outcome.session;
}

/** All that the model reads of them, and what it is for. */
function read(segments: readonly Segment[]): unknown[] {
  return segments.map((segment) => {
    const { id: _id, ...rest } = segment;
    if (rest.role !== "assistant") return rest;
    const { generated: _generated, ...said } = rest;
    return said;
  });
}

it("comes back from its own recording with all that the model reads", () => {
  const again = imported(exportSession(session, []));
  const { context, startedOn, droppedTurns } = session.window;
  expect(read(again.window.context.segments.slice(0, -1))).toEqual(read(context.segments));
  expect(again.window.context.tools).toEqual(context.tools);
  expect(again.window).toMatchObject({ startedOn, droppedTurns, turn: 2, files: [] });
  expect(again).toMatchObject({ title: session.title, name: null });
});

it("is the same recording again when it is exported once more", () => {
  const once = exportSession(imported(exportSession(session, [])), []);
  expect(exportSession(imported(once), [])).toBe(once);
});

it("goes by the name that its user gave it", () => {
  expect(imported(exportSession({ ...session, name: "The why" }, [])).title).toBe("The why");
});

it("holds no path of the machine and no ids of tokens", () => {
  const text = exportSession(session, paths);
  expect(text).not.toContain("/people/ada");
  expect(text).toContain("~/code/src/a.ts");
  expect(text).toContain('"glob":"~/code/*"');
  expect(text).not.toContain("fingerprint");
});

it("leaves out what is made anew each turn", () => {
  const { window } = session;
  const part = {
    id: "v",
    role: "user",
    kind: "note",
    stability: "volatile",
    text: "calm",
  } as const;
  const segments = [...window.context.segments, part];
  const volatileParts = [{ name: "State", segmentId: "v", text: "calm" }];
  const now = { ...window, volatileParts, context: { ...window.context, segments } };
  expect(exportSession({ ...session, window: now }, [])).toBe(exportSession(session, []));
});
