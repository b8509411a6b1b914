import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CHECKPOINT_BYTES_MAX, Checkpoints, type CheckpointLimits } from "./checkpoints.ts";
import { MemoryStore } from "./memory-store.test-support.ts";
import { Workspace } from "./workspace.test-support.ts";

async function set(files: Record<string, string> = {}, limits?: CheckpointLimits) {
  const store = new MemoryStore();
  const { checkpoints } = await Checkpoints.open(store, limits);
  return { store, checkpoints, workspace: new Workspace(checkpoints, files) };
}

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

const texts = (store: MemoryStore) =>
  [...store.blobs.values()].map((bytes) => Buffer.from(bytes).toString()).sort();

describe("undoing a turn", () => {
  it("gives changed, made and removed files back as they were", async () => {
    const files = { "a.ts": "a\n", "b.ts": "b\n", "c.ts": "c\n" };
    const { workspace } = await set(files);
    await workspace.turn("1", { "a.ts": "A\n", "new.ts": "new\n", "b.ts": null });
    const outcome = await workspace.undo("1");
    expect(workspace.texts).toEqual(files);
    expect([...outcome.writes.keys()]).toEqual(["a.ts", "new.ts", "b.ts"]);
    expect(outcome).toMatchObject({ merged: [], conflicts: [], turnIds: ["1"] });
  });

  it("goes back to the first state of a file that a turn writes several times", async () => {
    const { store, workspace } = await set({ a: "1\n" });
    for (const text of ["2\n", "3\n", "4\n"]) await workspace.turn("1", { a: text });
    expect(texts(store)).toEqual(["1\n", "4\n"]);
    await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "1\n" });
  });

  it("keeps what the user changed elsewhere in the file", async () => {
    const { workspace } = await set({ a: "1\n2\n3\n4\n" });
    await workspace.turn("1", { a: "one\n2\n3\n4\n" });
    workspace.set("a", "one\n2\n3\nfour\n");
    const outcome = await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "1\n2\n3\nfour\n" });
    expect(outcome.merged).toEqual(["a"]);
  });

  it("keeps what the user changed between two writes of the turn", async () => {
    const { workspace } = await set({ a: "1\n2\n3\n4\n5\n" });
    await workspace.turn("1", { a: "one\n2\n3\n4\n5\n" });
    workspace.set("a", "one\n2\nuser\n4\n5\n");
    await workspace.turn("1", { a: "one\n2\nuser\n4\nfive\n" });
    const outcome = await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "1\n2\nuser\n4\n5\n" });
    expect(outcome.conflicts).toEqual([]);
  });

  it("takes nothing back of a write that changed nothing", async () => {
    const { workspace } = await set({ a: "1\n" });
    await workspace.turn("1", { a: "1\n", gone: null });
    workspace.set("a", "user\n");
    workspace.set("gone", "made by the user\n");
    expect(await workspace.undo("1")).toMatchObject({ conflicts: [], merged: [] });
    expect(workspace.texts).toEqual({ a: "user\n", gone: "made by the user\n" });
  });

  it("keeps what a later turn changed elsewhere in the file", async () => {
    const { workspace } = await set({ a: "1\n2\n3\n4\n" });
    await workspace.turn("1", { a: "one\n2\n3\n4\n" });
    await workspace.turn("2", { a: "one\n2\n3\nfour\n" });
    await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "1\n2\n3\nfour\n" });
  });

  it.each([
    ["changed in the same lines", "user\n2\n", /in the same lines: at line 1 /],
    ["removed", null, /removed meanwhile/],
    ["made binary", "\0", /no text/],
  ])("leaves a file alone that was %s meanwhile, and says so", async (_, text, sentence) => {
    const { workspace } = await set({ a: "1\n2\n", b: "b" });
    await workspace.turn("1", { a: "one\n2\n", b: "B" });
    workspace.set("a", text);
    const outcome = await workspace.undo("1");
    expect([...outcome.writes.keys()]).toEqual(["b"]);
    expect(workspace.files.get("a") ?? null).toBe(text);
    expect(outcome.conflicts).toMatchObject([{ path: "a", before: bytesOf("1\n2\n") }]);
    expect(outcome.conflicts[0]!.sentence).toMatch(sentence);
  });

  it("leaves a made file alone that the user went on with", async () => {
    const { workspace } = await set();
    await workspace.turn("1", { a: "1\n" });
    workspace.set("a", "1\n2\n");
    expect(await workspace.undo("1")).toMatchObject({ conflicts: [{ path: "a", before: null }] });
  });

  it("keeps the line ends and the encoding of a file that it merges", async () => {
    const { workspace } = await set({ a: "\ufeff1\r\n2\r\n3\r\n" });
    await workspace.turn("1", { a: "\ufeffone\r\n2\r\n3\r\n" });
    workspace.set("a", "\ufeffone\r\n2\r\nthree\r\n");
    await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "\ufeff1\r\n2\r\nthree\r\n" });
  });

  it("has nothing to write the second time", async () => {
    const { workspace } = await set({ a: "1" });
    await workspace.turn("1", { a: "2" });
    await workspace.undo("1");
    expect((await workspace.undo("1")).writes.size).toBe(0);
  });

  it("does not guess how a turn left a file that was cut short", async () => {
    const { checkpoints, workspace } = await set({ a: "1" });
    await checkpoints.begin("1");
    await checkpoints.beforeWrite("1", "a", workspace.bytes("a"));
    expect(await workspace.undo("1")).toMatchObject({ conflicts: [] });
    workspace.set("a", "2");
    const conflict = { path: "a", sentence: expect.stringContaining("interrupted") as string };
    expect(await workspace.undo("1")).toMatchObject({ conflicts: [conflict] });
  });

  it("is refused for a turn that is not kept", async () => {
    const { checkpoints, workspace } = await set({ a: "1" });
    await workspace.turn("1", { a: "2" });
    await checkpoints.forget(["1"]);
    const outcome = await checkpoints.undo("1", async () => null);
    expect(outcome).toMatchObject({ kind: "refused", reason: "unknownTurn" });
  });
});

describe("the list of turns", () => {
  it("tells what a turn was about, also after a restart", async () => {
    const { store, checkpoints, workspace } = await set({ a: "0" });
    const facts = { label: "Make it 1", startedMs: 5 };
    await checkpoints.begin("1", facts);
    await workspace.turn("1", { a: "1" });
    const { checkpoints: later } = await Checkpoints.open(store);
    expect(later.turns()).toEqual([{ id: "1", ...facts, paths: ["a"] }]);
  });
});

describe("restoring a checkpoint", () => {
  it("takes back the turn and all later ones", async () => {
    const { workspace } = await set({ a: "0", b: "0" });
    await workspace.turn("1", { a: "1" });
    await workspace.turn("2", { a: "2", b: "2", c: "2" });
    await workspace.turn("3", { a: "3", c: null });
    const outcome = await workspace.restore("2");
    expect(workspace.texts).toEqual({ a: "1", b: "0" });
    expect(outcome.turnIds).toEqual(["3", "2"]);
  });

  it("keeps what the user changed between the turns", async () => {
    const { workspace } = await set({ a: "1\n2\n3\n4\n5\n" });
    await workspace.turn("1", { a: "one\n2\n3\n4\n5\n" });
    workspace.set("a", "one\n2\nuser\n4\n5\n");
    await workspace.turn("2", { a: "one\n2\nuser\n4\nfive\n" });
    await workspace.restore("1");
    expect(workspace.texts).toEqual({ a: "1\n2\nuser\n4\n5\n" });
  });

  it("restores exactly whatever turns did, and touches no other file", async () => {
    const path = fc.constantFrom("a", "b", "c", "__proto__");
    const text = fc.option(fc.constantFrom("", "1\n", "2\n", "1\n2\n"));
    const turn = fc.array(fc.tuple(path, text), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 6 }), fc.nat(), async (turns, choice) => {
        const { checkpoints, workspace } = await set({ a: "0\n", untouched: "x" });
        const states = [workspace.texts];
        for (const [index, changes] of turns.entries()) {
          await checkpoints.begin(`${index}`);
          for (const [file, content] of changes) {
            await workspace.turn(`${index}`, { [file]: content });
          }
          states.push(workspace.texts);
        }
        if (turns.length === 0) return;
        const back = choice % turns.length;
        const outcome = await workspace.restore(`${back}`);
        expect(outcome.conflicts).toEqual([]);
        expect(workspace.texts).toEqual(states[back]);
        expect(outcome.writes.has("untouched")).toBe(false);
      }),
      { numRuns: 60 },
    );
  });
});

describe("the store of checkpoints", () => {
  it("holds each content once", async () => {
    const { store, workspace } = await set({ a: "same", b: "same", c: "same" });
    await workspace.turn("1", { a: "x", b: "x", c: "x" });
    await workspace.turn("2", { a: "same" });
    expect(store.savedBlobs).toBe(2);
    expect(texts(store)).toEqual(["same", "x"]);
  });

  it("survives a restart", async () => {
    const { store, workspace } = await set({ a: "1" });
    await workspace.turn("1", { a: "2" });
    const { checkpoints, message } = await Checkpoints.open(store);
    expect(message).toBeUndefined();
    expect(checkpoints.turns()).toEqual([{ id: "1", paths: ["a"] }]);
    const later = new Workspace(checkpoints, workspace.texts);
    await later.turn("1", { a: "3" });
    await later.undo("1");
    expect(later.texts).toEqual({ a: "1" });
  });

  it("drops the oldest turns beyond its number, with what only they held", async () => {
    const limits = { turnsMax: 2, bytesMax: CHECKPOINT_BYTES_MAX };
    const { store, checkpoints, workspace } = await set({ a: "0" }, limits);
    for (const text of ["1", "2", "3"]) await workspace.turn(text, { a: text });
    expect(checkpoints.turns().map(({ id }) => id)).toEqual(["2", "3"]);
    expect(texts(store)).toEqual(["1", "2", "3"]);
  });

  it("drops the oldest turns beyond its bytes, but never the newest", async () => {
    const { store, checkpoints, workspace } = await set(
      { a: "0".repeat(10) },
      { turnsMax: 9, bytesMax: 25 },
    );
    await workspace.turn("1", { a: "1".repeat(10) });
    await workspace.turn("2", { b: "2".repeat(10) });
    expect(checkpoints.turns().map(({ id }) => id)).toEqual(["2"]);
    await workspace.turn("3", { c: "3".repeat(100) });
    expect(checkpoints.turns()).toEqual([{ id: "3", paths: ["c"] }]);
    expect(texts(store)).toEqual(["3".repeat(100)]);
    await workspace.undo("3");
    expect(workspace.files.has("c")).toBe(false);
  });

  it.each([
    ["no JSON", "{"],
    ["another shape", '{"version":1,"turns":[{"id":3}]}'],
    [
      "a name that is no hash",
      '{"version":1,"turns":[{"id":"1","files":[{"path":"a","before":{"hash":"../x","bytes":1}}]}]}',
    ],
    ["a later version", '{"version":2,"turns":[]}'],
  ])("sets an index aside that is %s, says so, and goes on", async (_, index) => {
    const store = new MemoryStore();
    store.index = index;
    const { checkpoints, message } = await Checkpoints.open(store);
    expect(message).toMatch(
      /^The list of checkpoints is damaged and was set aside as aside; .+\.$/,
    );
    expect(store.aside).toBe(index);
    const workspace = new Workspace(checkpoints, { a: "1" });
    await workspace.turn("1", { a: "2" });
    await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "1" });
  });

  it("never restores a content that is not the one it kept", async () => {
    const { store, workspace } = await set({ a: "1", b: "b" });
    await workspace.turn("1", { a: "2", b: "B" });
    for (const [name, bytes] of store.blobs) {
      if (Buffer.from(bytes).toString() === "1") store.blobs.set(name, Buffer.from("bad"));
    }
    const outcome = await workspace.undo("1");
    expect(outcome.conflicts).toEqual([
      { path: "a", sentence: "The checkpoint of the file is damaged." },
    ]);
    expect(workspace.texts).toEqual({ a: "2", b: "b" });
  });

  it("clears away what no turn refers to when it opens", async () => {
    const { store, workspace } = await set({ a: "1" });
    await workspace.turn("1", { a: "2" });
    store.blobs.set("left over", Buffer.from("x"));
    await Checkpoints.open(store);
    expect(texts(store)).toEqual(["1", "2"]);
  });

  it("goes on after a write that failed, without having noted it", async () => {
    const { store, checkpoints, workspace } = await set({ a: "1" });
    await checkpoints.begin("1");
    store.saveIndex = () => Promise.reject(new Error("disk full"));
    await expect(checkpoints.beforeWrite("1", "a", workspace.bytes("a"))).rejects.toThrow("full");
    Reflect.deleteProperty(store, "saveIndex");
    expect(checkpoints.turns()).toEqual([{ id: "1", paths: [] }]);
    await workspace.turn("1", { a: "2" });
    await workspace.undo("1");
    expect(workspace.texts).toEqual({ a: "1" });
  });

  it("keeps writes that come at once apart", async () => {
    const { checkpoints } = await set();
    await checkpoints.begin("1");
    const paths = Array.from({ length: 20 }, (_, index) => `${index}`);
    await Promise.all(paths.map((path) => checkpoints.beforeWrite("1", path, null)));
    expect(checkpoints.turns()).toEqual([{ id: "1", paths }]);
  });
});
