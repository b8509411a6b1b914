import { beforeEach, expect, it } from "vitest";
import { readableText } from "../context/living/readable-text.ts";
import type { FileSource } from "./file-source.ts";
import { FollowedFiles } from "./followed-files.ts";

let reads: string[];
let tell: Map<string, () => void>;
let told: number;
let files: FollowedFiles;

const source: FileSource = {
  async read(uri) {
    reads.push(uri);
    // A file that is being read may change at the same time.
    if (uri === "restless") tell.get(uri)?.();
    return { uri, label: uri, language: "", content: readableText("text") };
  },
  watch(uri, onChange) {
    tell.set(uri, onChange);
    return { dispose: () => tell.delete(uri) };
  },
};

beforeEach(() => {
  reads = [];
  tell = new Map();
  told = 0;
  files = new FollowedFiles(source, () => told++);
});

it("looks at a new file once, because it may have changed since it was read", async () => {
  files.follow(new Set(["a"]));
  expect((await files.takeChanges()).map(({ uri }) => uri)).toEqual(["a"]);
  expect(await files.takeChanges()).toEqual([]);
});

it("reads a file once after thousands of changes", async () => {
  files.follow(new Set(["a"]));
  await files.takeChanges();
  for (let count = 0; count < 10_000; count++) tell.get("a")?.();
  await files.takeChanges();
  expect(reads).toEqual(["a", "a"]);
  expect(told).toBe(10_000);
});

it("misses no change that comes while the file is read", async () => {
  files.follow(new Set(["restless"]));
  await files.takeChanges();
  expect(await files.takeChanges()).toHaveLength(1);
});

it("stops watching files that have left the window", async () => {
  files.follow(new Set(["a", "b"]));
  files.follow(new Set(["b"]));
  expect([...tell.keys()]).toEqual(["b"]);
  expect((await files.takeChanges()).map(({ uri }) => uri)).toEqual(["b"]);
  files.dispose();
  expect(tell.size).toBe(0);
});
