import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Checkpoints } from "./checkpoints.ts";
import { nodeCheckpointStore } from "./node-checkpoint-store.ts";
import { Workspace } from "./workspace.test-support.ts";

describe("checkpoints in a folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "kvasir-checkpoints-")), "of", "workspace");
  });
  afterEach(() => rm(join(folder, "..", ".."), { recursive: true }));

  it("are there again after a restart", async () => {
    const first = await Checkpoints.open(nodeCheckpointStore(folder));
    const workspace = new Workspace(first.checkpoints, { a: "1" });
    await workspace.turn("1", { a: "2", b: "new" });

    const { checkpoints } = await Checkpoints.open(nodeCheckpointStore(folder));
    const later = new Workspace(checkpoints, workspace.texts);
    await later.undo("1");
    expect(later.texts).toEqual({ a: "1" });
    await checkpoints.forget(["1"]);
    expect(await readdir(join(folder, "blobs"))).toEqual([]);
  });

  it("leave nothing unfinished, and clear away what a crash left so", async () => {
    const store = nodeCheckpointStore(folder);
    const { checkpoints } = await Checkpoints.open(store);
    await new Workspace(checkpoints, { a: "1" }).turn("1", { a: "2" });
    expect(await readdir(folder)).toEqual(["blobs", "index.json"]);
    await writeFile(join(folder, "blobs", "abc.unfinished"), "half");
    await Checkpoints.open(store);
    const names = await readdir(join(folder, "blobs"));
    expect(names.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
    expect(names).toHaveLength(2);
  });

  it("set a damaged index aside", async () => {
    const { checkpoints } = await Checkpoints.open(nodeCheckpointStore(folder));
    await new Workspace(checkpoints, { a: "1" }).turn("1", { a: "2" });
    await writeFile(join(folder, "index.json"), '{"version":1,"tur');
    const { message } = await Checkpoints.open(nodeCheckpointStore(folder));
    expect(message).toContain(join(folder, "index.damaged.json"));
    expect(await readFile(join(folder, "index.damaged.json"), "utf8")).toBe('{"version":1,"tur');
  });

  it("say when the folder cannot be written", async () => {
    await writeFile(join(folder, "..", "..", "of"), "a file where a folder should be");
    await expect(Checkpoints.open(nodeCheckpointStore(folder))).rejects.toThrow("ENOTDIR");
  });
});
