import { describe, expect, it } from "vitest";
import { importSession } from "./import-session.ts";

const HEADER = { source: "elsewhere" };
const user = (content: string): object => ({ role: "user", content });
const assistant = (content: string, more: object = {}): object => ({
  role: "assistant",
  content,
  ...more,
});

function importLines(...lines: readonly object[]) {
  let ids = 0;
  const text = lines.map((line) => JSON.stringify(line)).join("\n");
  const options = { newId: () => `id ${ids++}`, today: "2026-02-01" };
  return importSession("agents.jsonl", text, options);
}

function sessionOf(...lines: readonly object[]) {
  const imported = importLines(...lines);
  if (imported.kind === "refused") throw new Error(imported.sentence);
  return imported.session;
}

describe("a recording of another agent", () => {
  it("is the list of messages as it was at the end", () => {
    const splice = { event: "splice", start: 0, delete: 1, insert: [user("shorter")] };
    const { window, turns } = sessionOf(
      HEADER,
      user("long"),
      assistant("a"),
      splice,
      user("more"),
      assistant("b"),
    );
    expect(window.context.segments.map(({ text }) => text).slice(0, -1)).toEqual([
      "shorter",
      "a",
      "more",
      "b",
    ]);
    expect(turns.map(({ prompt }) => prompt)).toEqual(["shorter", "more"]);
    expect(window).toMatchObject({ startedOn: "2026-02-01", droppedTurns: 0, turn: 2 });
  });

  it("is called after its task, its first message, or its file", () => {
    const said = [user("Why?\nPlease."), assistant("a")];
    expect(sessionOf({ ...HEADER, task: "Mend it" }, ...said).title).toBe("Mend it");
    expect(sessionOf(HEADER, ...said).title).toBe("Why?");
    expect(sessionOf(HEADER, user(""), assistant("a")).title).toBe("agents.jsonl");
  });

  it("has a result for every call, so that it can be gone on with", () => {
    const tool_calls = [
      { id: "c1", function: { name: "ls", arguments: "{}" } },
      { id: "c2", function: { name: "submit", arguments: "{}" } },
    ];
    const result = { role: "tool", tool_call_id: "c1", content: "a b" };
    const { window } = sessionOf(HEADER, user("u"), assistant("", { tool_calls }), result);
    const results = window.context.segments.filter(({ role }) => role === "tool");
    expect(results.map((each) => [each.role === "tool" && each.toolCallId, each.text])).toEqual([
      ["c2", "(No result of this call was recorded.)"],
      ["c1", "a b"],
    ]);
  });

  it("tells the model that files may read differently now", () => {
    const { window } = sessionOf(HEADER, user("u"), assistant("a"));
    expect(window.context.segments.at(-1)).toMatchObject({ kind: "note", label: "imported" });
  });

  it("has one front, whatever is said as the system later", () => {
    const system = { role: "system", content: "s" };
    const { window } = sessionOf(HEADER, system, user("u"), system, assistant("a"));
    const [front, , later] = window.context.segments;
    expect(front).toMatchObject({ role: "system", stability: "core" });
    expect(later).toMatchObject({ role: "system", kind: "note", stability: "history" });
  });

  it("has no two segments or turns of one id", () => {
    const tool_calls = [{ id: "c", function: { name: "submit", arguments: "{}" } }];
    const call = assistant("", { tool_calls });
    const { id, turns, window } = sessionOf(HEADER, user("u"), call, user("v"), call);
    const ids = [id, ...turns.map((turn) => turn.id), ...window.context.segments.map((s) => s.id)];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

it("refuses what is no recording in one sentence that says where", () => {
  expect(importLines(HEADER, user("u"))).toEqual({
    kind: "refused",
    sentence: "agents.jsonl records no answer of a model.",
  });
  expect(importLines(HEADER, { role: "narrator", content: "" })).toMatchObject({
    kind: "refused",
    sentence: "Line 2 of agents.jsonl has a role that is not known, “narrator”.",
  });
});
