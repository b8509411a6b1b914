import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { FolderStore } from "./folder-store.ts";

let parent: string;
let folder: string;
let store: FolderStore;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "kvasir-store-"));
  folder = join(parent, "chats");
  store = new FolderStore(folder);
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

it("gives back what was written, and nothing else", async () => {
  expect(await store.read("a.json")).toBeNull();
  await store.write("a.json", "one 😀");
  await store.write("a.json", "two");
  expect(await store.read("a.json")).toBe("two");
  expect(readdirSync(folder)).toEqual(["a.json"]);
});

it("writes many texts at once without mixing them up", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `${index % 4}.json`);
  await Promise.all(names.map((name) => store.write(name, name.repeat(1_000))));
  for (const name of new Set(names)) expect(await store.read(name)).toBe(name.repeat(1_000));
  expect(readdirSync(folder)).toHaveLength(4);
});

it("lists what was written last first", async () => {
  for (const [index, name] of ["a", "b", "c"].entries()) {
    await store.write(name, "text");
    utimesSync(join(folder, name), 1_000 + index, 1_000 + index);
  }
  const listed = ["c", "b", "a"].map((name, index) => ({
    name,
    writtenMs: 1_002_000 - index * 1_000,
  }));
  expect(await store.list()).toEqual(listed);
});

it("leaves a text at its place when that is asked for", async () => {
  await store.write("a", "old");
  utimesSync(join(folder, "a"), 1_000, 1_000);
  await store.write("a", "new", "same");
  await store.write("b", "new", "same");
  expect((await store.list()).map(({ name }) => name)).toEqual(["b", "a"]);
  expect((await store.list()).at(-1)?.writtenMs).toBe(1_000_000);
  expect(await store.read("a")).toBe("new");
});

it("lists nothing while nothing was written", async () => {
  expect(await store.list()).toEqual([]);
});

it("renames and removes, and removes what is not there without complaint", async () => {
  await store.write("a", "text");
  await store.rename("a", "b");
  expect(await store.read("a")).toBeNull();
  await store.remove("b");
  await store.remove("b");
  expect(await store.list()).toEqual([]);
});

it("leaves the old text and no rest when writing fails", async () => {
  writeFileSync(join(parent, "file"), "");
  await expect(new FolderStore(join(parent, "file")).write("a", "text")).rejects.toThrow("EEXIST");
  await store.write("a", "old");
  await expect(store.write("a/b", "text")).rejects.toThrow(/ENOTDIR|ENOENT/u);
  expect(await store.read("a")).toBe("old");
  expect(readdirSync(folder)).toEqual(["a"]);
});
