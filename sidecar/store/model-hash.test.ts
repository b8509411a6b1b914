import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { modelHashOf } from "./model-hash.ts";
import { storeOf } from "./store-folder.test-support.ts";

function partsIn(folder: string, ...contents: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const paths = contents.map((content, index) => {
    const path = join(folder, `split-0000${index + 1}-of-0000${contents.length}.gguf`);
    writeFileSync(path, content);
    return path;
  });
  return paths[0]!;
}

it("is the same for a copy and another one for other weights", () => {
  const { store, modelPath } = storeOf();
  const copy = join(dirname(modelPath), "copy.gguf");
  writeFileSync(copy, "weights");
  expect(modelHashOf(copy, store.index)).toBe(modelHashOf(modelPath, store.index));
  writeFileSync(copy, "other weights");
  expect(modelHashOf(copy, store.index)).not.toBe(modelHashOf(modelPath, store.index));
});

it("covers all files of a model that is split", () => {
  const { store, modelPath } = storeOf();
  const hashOf = (name: string, ...contents: readonly string[]): string =>
    modelHashOf(partsIn(join(dirname(modelPath), name), ...contents), store.index);
  const hash = hashOf("one", "a", "b");
  expect(hashOf("two", "a", "b")).toBe(hash);
  expect(hashOf("one", "a", "changed")).not.toBe(hash);
});
