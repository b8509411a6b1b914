import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headlessHost } from "../../cli/agent/headless-host.ts";
import { KeptTurn } from "../../cli/agent/kept-turn.ts";
import { TurnFolders } from "../../cli/agent/turn-folders.ts";
import { type Undone, undoLastTurn } from "../../cli/agent/undo-last-turn.ts";
import type { Edits } from "../../extension/agent/ports/edits.ts";

let folder: string;
let root: string;
let folders: TurnFolders;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "kvasir-undo-")));
  root = join(folder, "workspace");
  mkdirSync(root);
  folders = new TurnFolders(join(folder, "data"), root);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LINES = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join("");

function put(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

function texts(): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    files.toSorted().map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]),
  );
}

/** A turn that makes files read so; `null` removes one. Each change is a step of its own. */
async function turn(
  changes: Readonly<Record<string, string | null>>,
  end: "ends" | "goes on" = "ends",
): Promise<void> {
  const kept = new KeptTurn(folders);
  const { edits } = await headlessHost(root, {
    watch: (port, workspace) => kept.watch(port, workspace),
    onChanged: () => undefined,
  });
  for (const [path, text] of Object.entries(changes)) await change(edits, path, text);
  if (end === "ends") await kept.end();
}

async function change(edits: Edits, name: string, text: string | null): Promise<void> {
  const path = join(root, name);
  const before = existsSync(path) ? readFileSync(path) : null;
  const after = text === null ? null : Buffer.from(text);
  expect(await edits.apply([{ path, before, after }])).toEqual({ kind: "applied" });
}

async function undo(): Promise<Extract<Undone, { kind: "undone" }>> {
  const undone = await undoLastTurn(root, folders);
  if (undone.kind === "refused") throw new Error(undone.sentence);
  return undone;
}

async function refusal(): Promise<string> {
  const undone = await undoLastTurn(root, folders);
  return undone.kind === "refused" ? undone.sentence : "It was taken back.";
}

describe("the last turn without an editor", () => {
  it("is taken back, and then the one before it", async () => {
    const first = { "a.txt": "one\r\ntwo\r\n", "gone.txt": "bytes \uFEFF\n" };
    put(first);
    await turn({ "a.txt": "1\r\ntwo\r\n", "p/new.txt": "new\n" });
    const second = texts();
    await turn({ "a.txt": "1\r\n2\r\n", "gone.txt": null });
    expect((await undo()).files.map(({ path, did }) => [path, did])).toEqual([
      ["a.txt", "restored"],
      ["gone.txt", "restored"],
    ]);
    expect(texts()).toEqual(second);
    expect((await undo()).files.map(({ did }) => did)).toEqual(["restored", "removed"]);
    expect(texts()).toEqual(first);
    expect(await refusal()).toBe("There is no turn to take back in this folder.");
  });

  it("leaves nothing behind that changed nothing", async () => {
    await turn({});
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  it("keeps what somebody changed elsewhere in its files since", async () => {
    put({ "a.txt": LINES, "other.txt": "other\n" });
    await turn({ "a.txt": LINES.replace("line 2\n", "second\n") });
    put({ "a.txt": readFileSync(join(root, "a.txt"), "utf8").replace("line 19", "19th") });
    put({ "other.txt": "changed\n" });
    expect((await undo()).files).toEqual([{ path: "a.txt", did: "merged" }]);
    expect(texts()).toEqual({
      "a.txt": LINES.replace("line 19", "19th"),
      "other.txt": "changed\n",
    });
  });

  it("leaves a file alone that was changed in the same lines, and says where its content is", async () => {
    put({ "a.txt": LINES, "b.txt": "b\n" });
    await turn({ "a.txt": LINES.replace("line 2\n", "second\n"), "b.txt": "B\n" });
    const theirs = LINES.replace("line 2\n", "zweite\n");
    put({ "a.txt": theirs });
    const { files, conflicts } = await undo();
    expect(files).toEqual([{ path: "b.txt", did: "restored" }]);
    expect(texts()).toEqual({ "a.txt": theirs, "b.txt": "b\n" });
    expect(conflicts).toMatchObject([{ path: "a.txt" }]);
    expect(conflicts[0]!.sentence).toMatch(/line 2/u);
    expect(readFileSync(conflicts[0]!.before!, "utf8")).toBe(LINES);
  });

  it("is not followed to where a link has come to lead since", async () => {
    put({ "a.txt": "mine\n" });
    await turn({ "a.txt": "the agent's\n" });
    const outside = join(folder, "outside.txt");
    writeFileSync(outside, "the agent's\n");
    rmSync(join(root, "a.txt"));
    symlinkSync(outside, join(root, "a.txt"));
    expect((await undo()).conflicts).toMatchObject([
      { path: "a.txt", sentence: "The path leads elsewhere now." },
    ]);
    expect(readFileSync(outside, "utf8")).toBe("the agent's\n");
  });

  it("is taken back as a whole or not at all", async () => {
    put({ "a.txt": "a\n", "b.txt": "b\n" });
    await turn({ "a.txt": "A\n", "b.txt": "B\n" });
    chmodSync(join(root, "b.txt"), 0o444);
    expect(await refusal()).toBe("Nothing was taken back: it is read-only.");
    expect(texts()).toEqual({ "a.txt": "A\n", "b.txt": "B\n" });
    chmodSync(join(root, "b.txt"), 0o644);
    await undo();
    expect(texts()).toEqual({ "a.txt": "a\n", "b.txt": "b\n" });
  });

  it("is not taken back while its agent is at work, and is once that died", async () => {
    put({ "a.txt": "a\n" });
    await turn({ "a.txt": "A\n" }, "goes on");
    expect(await refusal()).toBe("An agent is at work in this folder; wait for it or stop it.");
    expect(texts()).toEqual({ "a.txt": "A\n" });
    // The process that is named now is over.
    const { pid } = spawnSync(process.execPath, ["--version"]);
    const running = (await folders.latest())!.folder;
    renameSync(running, running.replace(/\d+$/u, String(pid)));
    await undo();
    expect(texts()).toEqual({ "a.txt": "a\n" });
  });

  it("is taken back when the machine was started anew in the middle of it", async () => {
    await turn({ "a.txt": "half\n" }, "goes on");
    const { folder: kept } = (await folders.latest())!;
    // Its process id belongs to somebody who is alive.
    renameSync(kept, join(dirname(kept), `${"1".padStart(15, "0")}-${process.pid}`));
    expect((await undo()).files.map(({ did }) => did)).toEqual(["removed"]);
  });

  it("does not count changes that somebody made to a file which it was refused", async () => {
    put({ "a.txt": LINES, "b.txt": "b\n" });
    const kept = new KeptTurn(folders);
    const { edits } = await headlessHost(root, {
      watch: (port, workspace) => kept.watch(port, workspace),
      onChanged: () => undefined,
    });
    await change(edits, "b.txt", "B\n");
    const stale = { path: join(root, "a.txt"), before: Buffer.from("old\n") };
    const end = await edits.apply([{ ...stale, after: Buffer.from("new\n") }]);
    expect(end.kind).toBe("refused");
    await kept.end();
    put({ "a.txt": "theirs\n" });
    expect((await undo()).conflicts).toEqual([]);
    expect(texts()).toEqual({ "a.txt": "theirs\n", "b.txt": "b\n" });
  });

  it("keeps what somebody changed in a file between its changes and one that was refused", async () => {
    put({ "a.txt": LINES });
    const kept = new KeptTurn(folders);
    const { edits } = await headlessHost(root, {
      watch: (port, workspace) => kept.watch(port, workspace),
      onChanged: () => undefined,
    });
    await change(edits, "a.txt", LINES.replace("line 2\n", "second\n"));
    const theirs = LINES.replace("line 2\n", "second\n").replace("line 19", "19th");
    put({ "a.txt": theirs });
    const stale = { before: Buffer.from("old\n"), after: Buffer.from("new\n") };
    const end = await edits.apply([{ path: join(root, "a.txt"), ...stale }]);
    expect(end.kind).toBe("refused");
    await kept.end();
    expect((await undo()).conflicts).toEqual([]);
    expect(texts()).toEqual({ "a.txt": LINES.replace("line 19", "19th") });
  });

  it("says that a damaged checkpoint cannot be taken back, and lets the one before it be", async () => {
    put({ "a.txt": "1\n" });
    await turn({ "a.txt": "2\n" });
    await turn({ "a.txt": "3\n" });
    const latest = (await folders.latest())!;
    writeFileSync(join(latest.folder, "index.json"), "{");
    expect(await refusal()).toMatch(/^The list of checkpoints is damaged/u);
    const { conflicts } = await undo();
    expect(conflicts).toMatchObject([{ path: "a.txt" }]);
    expect(texts()).toEqual({ "a.txt": "3\n" });
  });

  it("is one of fifty that are kept", async () => {
    put({ "a.txt": "0\n" });
    for (let index = 1; index <= 52; index++) await turn({ "a.txt": `${index}\n` });
    const [workspace] = readdirSync(join(folder, "data", "checkpoints"));
    expect(readdirSync(join(folder, "data", "checkpoints", workspace!))).toHaveLength(50);
    for (let index = 0; index < 50; index++) await undo();
    expect(texts()).toEqual({ "a.txt": "2\n" });
  });
});
