import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Edit } from "../../protocol/edit.ts";
import type { ToolCall } from "../../protocol/segment.ts";
import { applyEdits } from "./apply-edits.ts";
import type { Said } from "./generations.ts";
import { refusalOf } from "./refused.test-support.ts";
import { answer, system, toolResult, user, windowOf } from "./segments.test-support.ts";
import type { Window } from "./window.ts";

const call: ToolCall = { id: "call", name: "look", arguments: { at: "it" } };
const generated = { fingerprint: "a model", tokens: [7, 8, 9] };
const said: Said = { text: "Looking.", reasoning: "Hm.", toolCalls: [call], generated };

const before = windowOf([
  system("s", "Be brief."),
  user("u", "Hello"),
  answer("a", "Hi.", { generated, toolCalls: [call], reasoning: "Polite." }),
]);

function edited(...edits: Edit[]): Window {
  return applyEdits(before, edits, 2, (id) => (id === "known" ? said : undefined));
}

function ids(window: Window): string[] {
  return window.segments.map(({ id }) => id);
}

const atStart = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

describe("editing a window", () => {
  it("gives the result its new version and leaves the old window as it was", () => {
    const copy = structuredClone(before);
    const after = edited({ kind: "remove", ids: ["u"] });
    expect(after.version).toBe(2);
    expect(before).toEqual(copy);
  });

  it("inserts segments in their order behind another one, or in front", () => {
    const segments = [user("x", "1"), user("y", "2")];
    expect(ids(edited({ kind: "insert", after: "s", segments }))).toEqual([
      "s",
      "x",
      "y",
      "u",
      "a",
    ]);
    expect(ids(edited({ kind: "insert", after: null, segments }))).toEqual([
      "x",
      "y",
      "s",
      "u",
      "a",
    ]);
  });

  it("removes segments", () => {
    expect(ids(edited({ kind: "remove", ids: ["a", "s"] }))).toEqual(["u"]);
  });

  it("replaces a segment where it stands, even by one of another role", () => {
    const segment = toolResult("u", "It is there.");
    const after = edited({ kind: "replace", segment });
    expect(ids(after)).toEqual(["s", "u", "a"]);
    expect(after.segments[1]).toEqual(segment);
  });

  it("moves segments in their present order, whatever the order of the ids", () => {
    expect(ids(edited({ kind: "move", ids: ["u", "s"], after: "a" }))).toEqual(["a", "s", "u"]);
    expect(ids(edited({ kind: "move", ids: ["a"], after: null }))).toEqual(["a", "s", "u"]);
  });

  it("gives moved segments another stability when the edit names one, and only then", () => {
    const named = edited({ kind: "move", ids: ["u"], after: "a", stability: "history" });
    expect(named.segments.at(-1)).toEqual({ ...user("u", "Hello"), stability: "history" });
    const unnamed = edited({ kind: "move", ids: ["u"], after: "a" });
    expect(unnamed.segments.at(-1)).toEqual(user("u", "Hello"));
  });

  it("patches the text of a segment and nothing else of it", () => {
    const after = edited({
      kind: "patch",
      id: "u",
      changes: [{ range: atStart, text: "Oh. " }],
    });
    expect(after.segments[1]).toEqual(user("u", "Oh. Hello"));
  });

  it("drops the generated ids of an answer whose text is patched, and keeps the rest", () => {
    const after = edited({ kind: "patch", id: "a", changes: [{ range: atStart, text: "Oh. " }] });
    expect(after.segments[2]).toEqual(
      answer("a", "Oh. Hi.", { toolCalls: [call], reasoning: "Polite." }),
    );
  });

  it("makes a generation a segment with all that was said", () => {
    const after = edited({
      kind: "adopt",
      generationId: "known",
      id: "new",
      after: "u",
      stability: "history",
    });
    expect(ids(after)).toEqual(["s", "u", "new", "a"]);
    expect(after.segments[2]).toEqual({
      ...answer("new", said.text, { generated, toolCalls: [call], reasoning: "Hm." }),
      stability: "history",
    });
  });

  it("exchanges the tools", () => {
    const tools = [{ name: "look", description: "Looks." }];
    const after = edited({ kind: "tools", tools });
    expect(after.tools).toEqual(tools);
    expect(after.segments).toEqual(before.segments);
  });

  it("applies edits one after the other", () => {
    const after = edited(
      { kind: "insert", after: "u", segments: [user("x", "1")] },
      { kind: "move", ids: ["x"], after: "s" },
      { kind: "remove", ids: ["u"] },
      { kind: "patch", id: "x", changes: [{ range: atStart, text: "0" }] },
    );
    expect(after.segments).toEqual([before.segments[0], user("x", "01"), before.segments[2]]);
  });

  it("may remove an id and bring it back", () => {
    const after = edited(
      { kind: "remove", ids: ["u"] },
      { kind: "insert", after: null, segments: [user("u", "Again")] },
    );
    expect(ids(after)).toEqual(["u", "s", "a"]);
  });
});

describe("an edit is refused", () => {
  const unknown: [string, Edit][] = [
    ["insert", { kind: "insert", after: "gone", segments: [] }],
    ["remove", { kind: "remove", ids: ["s", "gone"] }],
    ["replace", { kind: "replace", segment: user("gone", "x") }],
    ["move", { kind: "move", ids: ["s", "gone"], after: null }],
    ["move to", { kind: "move", ids: ["s"], after: "gone" }],
    ["patch", { kind: "patch", id: "gone", changes: [] }],
    [
      "adopt",
      { kind: "adopt", generationId: "known", id: "x", after: "gone", stability: "recent" },
    ],
  ];

  it.each(unknown)("when it names an unknown segment: %s", async (_, edit) => {
    const refusal = await refusalOf(() => edited(edit));
    expect(refusal.kind).toBe("badEdit");
    expect(refusal.message).toContain('"gone"');
  });

  it("when it moves a segment behind itself", async () => {
    const edit: Edit = { kind: "move", ids: ["s", "u"], after: "u" };
    expect((await refusalOf(() => edited(edit))).kind).toBe("badEdit");
  });

  it("when two segments would have one id", async () => {
    const segments = [user("u", "twice")];
    const refusal = await refusalOf(() => edited({ kind: "insert", after: "a", segments }));
    expect(refusal.kind).toBe("badEdit");
    expect(refusal.message).toContain('"u"');
  });

  it("when an adopted answer takes the id of another segment", async () => {
    const edit: Edit = {
      kind: "adopt",
      generationId: "known",
      id: "u",
      after: "u",
      stability: "recent",
    };
    expect((await refusalOf(() => edited(edit))).kind).toBe("badEdit");
  });

  it("when the generation to adopt is no longer there", async () => {
    const edit: Edit = {
      kind: "adopt",
      generationId: "forgotten",
      id: "x",
      after: "u",
      stability: "recent",
    };
    expect((await refusalOf(() => edited(edit))).kind).toBe("unknownGeneration");
  });

  it("when it patches outside the text", async () => {
    const far = { line: 9, character: 0 };
    const edit: Edit = {
      kind: "patch",
      id: "u",
      changes: [{ range: { start: far, end: far }, text: "x" }],
    };
    expect((await refusalOf(() => edited(edit))).kind).toBe("badEdit");
  });

  it("and leaves the window as it was, though edits before it were good", async () => {
    const copy = structuredClone(before);
    await refusalOf(() => edited({ kind: "remove", ids: ["u"] }, { kind: "remove", ids: ["u"] }));
    expect(before).toEqual(copy);
  });
});

describe("a script of edits", () => {
  it("gives the order that a plain list of ids gives, with every id once", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(4), fc.nat(), fc.nat()), { maxLength: 40 }), (plan) => {
        const model = ["s", "u", "a"];
        const edits: Edit[] = [];
        for (const [index, [kind, a, b]] of plan.entries()) {
          edits.push(...nextEdit(model, kind, a, b, `n${index}`));
        }
        const after = edited(...edits);
        expect(ids(after)).toEqual(model);
        expect(new Set(ids(after)).size).toBe(model.length);
      }),
    );
  });
});

/** An edit that the model of ids allows; the model is changed as the edit says. */
function nextEdit(model: string[], kind: number, a: number, b: number, id: string): Edit[] {
  const at = model.length === 0 ? 0 : a % (model.length + 1);
  const after = at === 0 ? null : model[at - 1]!;
  const chosen = model[b % Math.max(1, model.length)];
  if (kind === 0 || chosen === undefined) {
    model.splice(at, 0, id, `${id}b`);
    return [{ kind: "insert", after, segments: [user(id, ""), user(`${id}b`, "")] }];
  }
  if (kind === 1) {
    model.splice(model.indexOf(chosen), 1);
    return [{ kind: "remove", ids: [chosen] }];
  }
  if (kind === 2) {
    if (after === chosen) return [];
    model.splice(model.indexOf(chosen), 1);
    model.splice(after === null ? 0 : model.indexOf(after) + 1, 0, chosen);
    return [{ kind: "move", ids: [chosen], after }];
  }
  if (kind === 3) {
    model.splice(at, 0, id);
    return [{ kind: "adopt", generationId: "known", id, after, stability: "recent" }];
  }
  return [{ kind: "replace", segment: user(chosen, "new") }];
}
