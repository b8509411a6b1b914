import { beforeEach, describe, expect, it } from "vitest";
import { Checkpoints } from "../../edits/checkpoints.ts";
import { InOrder } from "../../edits/in-order.ts";
import { MemoryStore } from "../../edits/memory-store.test-support.ts";
import { Workspace } from "../../edits/workspace.test-support.ts";
import { type ChangedFiles, TurnHistory } from "./turn-history.ts";

const DISK_FULL = "ENOSPC: no space left on device";
const BEFORE = "one\ntwo\nthree\nfour\n";
const AFTER = BEFORE.replace("three", "3");

class FillingStore extends MemoryStore {
  isFull = false;

  override async saveBlob(name: string, bytes: Uint8Array): Promise<void> {
    if (this.isFull) throw new Error(DISK_FULL);
    await super.saveBlob(name, bytes);
  }
}

describe("taking turns back", () => {
  let store: FillingStore;
  let checkpoints: Checkpoints;
  let workspace: Workspace;
  let history: TurnHistory;
  let refusal: string | null;

  const files: ChangedFiles = {
    read: async (path) => workspace.bytes(path),
    apply: async (edits, journal) => {
      for (const { path } of edits) await journal.before(path, workspace.bytes(path));
      if (refusal !== null) return { kind: "refused", sentence: refusal };
      for (const { path, after } of edits) {
        workspace.set(path, after === null ? null : Buffer.from(after).toString());
        await journal.after(path, after);
      }
      return { kind: "applied" };
    },
  };
  const standing = (): string[] => history.turns.map(({ id }) => id);

  beforeEach(async () => {
    store = new FillingStore();
    ({ checkpoints } = await Checkpoints.open(store));
    workspace = new Workspace(checkpoints, { "a.txt": BEFORE });
    history = new TurnHistory({ checkpoints, writes: new InOrder(), files });
    refusal = null;
    await workspace.turn("turn", { "a.txt": AFTER });
  });

  it("puts files back, and can itself be taken back", async () => {
    const undone = await history.undo("turn");
    expect(undone).toMatchObject({ kind: "done", changed: ["a.txt"], conflicts: [] });
    expect(workspace.files.get("a.txt")).toBe(BEFORE);
    expect(history.last).toBeUndefined();
    if (undone.kind === "done") await history.undo(undone.id);
    expect(workspace.files.get("a.txt")).toBe(AFTER);
  });

  it("can be tried again when the disk was full", async () => {
    // What a user has typed is not kept yet, so it needs room.
    workspace.set("a.txt", `mine\n${AFTER}`);
    store.isFull = true;
    await expect(history.undo("turn")).rejects.toThrow(DISK_FULL);
    expect(standing()).toEqual(["turn"]);
    store.isFull = false;
    expect(await history.undo("turn")).toMatchObject({ kind: "done", merged: ["a.txt"] });
    expect(workspace.files.get("a.txt")).toBe(`mine\n${BEFORE}`);
  });

  it("can be tried again when the editor did not take the change", async () => {
    refusal = "it is read-only.";
    expect(await history.undo("turn")).toEqual({
      kind: "refused",
      sentence: "Nothing was taken back: it is read-only.",
    });
    expect(standing()).toEqual(["turn"]);
  });

  it("counts as done where somebody has put the files back already", async () => {
    workspace.set("a.txt", BEFORE);
    expect(await history.undo("turn")).toMatchObject({ kind: "done", changed: [] });
    expect(standing()).toEqual([]);
  });
});
