import { describe, expect, it } from "vitest";
import { refusalOf } from "../history/refused.test-support.ts";
import { user } from "../history/segments.test-support.ts";
import { Contexts } from "./contexts.ts";

const CONTEXTS_MAX = 256;

function opened(): Contexts {
  const contexts = new Contexts();
  contexts.open({ contextId: "chat", version: 3, segments: [user("u", "Hello")], tools: [] });
  return contexts;
}

const at3 = { contextId: "chat", version: 3 };
const remove = [{ kind: "remove" as const, ids: ["u"] }];

describe("the open contexts", () => {
  it("are found at the version they are at", () => {
    expect(opened().at(at3).segments).toEqual([user("u", "Hello")]);
  });

  it("are not found at another version, older or newer, and the refusal says which is held", async () => {
    for (const version of [2, 4]) {
      const refusal = await refusalOf(() => opened().at({ contextId: "chat", version }));
      expect(refusal.kind).toBe("versionMismatch");
      expect(refusal.figures).toEqual({ heldVersion: 3, askedVersion: version });
    }
  });

  it("do not include what was never opened or has been closed", async () => {
    const contexts = opened();
    expect((await refusalOf(() => contexts.at({ ...at3, contextId: "other" }))).kind).toBe(
      "unknownContext",
    );
    contexts.close("chat");
    expect((await refusalOf(() => contexts.at(at3))).kind).toBe("unknownContext");
  });

  it("may be closed twice", () => {
    const contexts = opened();
    contexts.close("chat");
    expect(() => contexts.close("chat")).not.toThrow();
  });

  it("are replaced when opened again, even with an older version", () => {
    const contexts = opened();
    contexts.open({ contextId: "chat", version: 1, segments: [user("v", "Anew")], tools: [] });
    expect(contexts.at({ contextId: "chat", version: 1 }).segments).toEqual([user("v", "Anew")]);
  });

  it("refuse two segments with one id", async () => {
    const segments = [user("u", "1"), user("u", "2")];
    const open = { contextId: "chat", version: 1, segments, tools: [] };
    expect((await refusalOf(() => new Contexts().open(open))).kind).toBe("badEdit");
  });

  it(`are ${CONTEXTS_MAX} at most, but those that are open can be opened again`, async () => {
    const contexts = new Contexts();
    const open = (contextId: string): void =>
      contexts.open({ contextId, version: 1, segments: [], tools: [] });
    for (let index = 0; index < CONTEXTS_MAX; index++) open(`${index}`);
    expect((await refusalOf(() => open("one more"))).kind).toBe("busy");
    open("0");
    contexts.close("0");
    open("one more");
    expect(contexts.at({ contextId: "one more", version: 1 }).segments).toEqual([]);
  });
});

describe("changing a context", () => {
  it("applies the edits and moves it to the new version", async () => {
    const contexts = opened();
    contexts.change({ contextId: "chat", fromVersion: 3, version: 4, edits: remove });
    expect(contexts.at({ contextId: "chat", version: 4 }).segments).toEqual([]);
    expect((await refusalOf(() => contexts.at(at3))).kind).toBe("versionMismatch");
  });

  it("is refused from another version than the one that is held", async () => {
    const contexts = opened();
    const change = { contextId: "chat", fromVersion: 2, version: 4, edits: remove };
    expect((await refusalOf(() => contexts.change(change))).kind).toBe("versionMismatch");
    expect(contexts.at(at3).segments).toHaveLength(1);
  });

  it("is refused to a version that does not follow", async () => {
    const contexts = opened();
    for (const version of [2, 3]) {
      const change = { contextId: "chat", fromVersion: 3, version, edits: remove };
      expect((await refusalOf(() => contexts.change(change))).kind).toBe("badRequest");
    }
    expect(contexts.at(at3).segments).toHaveLength(1);
  });

  it("leaves it as it was when one of the edits is bad", async () => {
    const contexts = opened();
    const edits = [...remove, ...remove];
    const change = { contextId: "chat", fromVersion: 3, version: 4, edits };
    expect((await refusalOf(() => contexts.change(change))).kind).toBe("badEdit");
    expect(contexts.at(at3).segments).toHaveLength(1);
  });

  it("adopts an answer that is remembered, and refuses one that is not", async () => {
    const contexts = opened();
    const generated = { fingerprint: "a model", tokens: [1, 2] };
    contexts.remember("generation", { text: "Hi", generated });
    const adopt = { kind: "adopt", id: "a", after: "u", stability: "recent" } as const;
    const change = { contextId: "chat", fromVersion: 3, version: 4 };
    const unknown = { ...change, edits: [{ ...adopt, generationId: "other" }] };
    expect((await refusalOf(() => contexts.change(unknown))).kind).toBe("unknownGeneration");
    contexts.change({ ...change, edits: [{ ...adopt, generationId: "generation" }] });
    const [, adopted] = contexts.at({ contextId: "chat", version: 4 }).segments;
    expect(adopted).toMatchObject({ id: "a", role: "assistant", text: "Hi", generated });
  });
});
