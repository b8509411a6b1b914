import { statSync } from "node:fs";
import { join } from "node:path";
import { readGgufFileInfo } from "node-llama-cpp";
import { expect, test } from "vitest";
import type { Metadata } from "./gguf-metadata.ts";
import * as values from "./gguf-metadata.ts";
import type { TensorShape } from "./gguf-writer.ts";
import { encodeHeader, fileBytes, writeGguf } from "./gguf-writer.ts";
import { createTemporaryFolder } from "./temporary-folder.test-support.ts";

const folder = createTemporaryFolder();

const metadata: Metadata = [
  ["general.architecture", values.stringValue("llama")],
  ["llama.unsigned", values.uint32Value(4_000_000_000)],
  ["llama.signed", values.int32Value(-5)],
  ["llama.float", values.float32Value(0.5)],
  ["llama.yes", values.boolValue(true)],
  ["llama.text", values.stringValue("Grüße 🦊")],
  ["llama.long", values.uint64Value(2n ** 53n + 1n)],
  ["llama.unsigned_list", values.uint32ArrayValue([1, 2])],
  ["llama.signed_list", values.int32ArrayValue([-1, 1])],
  ["llama.float_list", values.float32ArrayValue([0.25, -2])],
  ["llama.yes_list", values.boolArrayValue([true, false])],
  ["llama.text_list", values.stringArrayValue(["a", "é"])],
  ["llama.long_list", values.uint64ArrayValue([7, 8n])],
];

const tensors: readonly TensorShape[] = [
  { name: "odd.weight", dimensions: [3, 5], type: "f16" },
  { name: "chunked.weight", dimensions: [1_000, 1_200], type: "f32" },
];

function write(name: string): string {
  const path = join(folder, name);
  writeGguf(path, encodeHeader(metadata, tensors), tensors, () => (bytes) => bytes.fill(1));
  return path;
}

test("every kind of metadata value reads back", async () => {
  const { metadata: read } = await readGgufFileInfo(write("values.gguf"));
  expect(read).toMatchObject({
    llama: {
      unsigned: 4_000_000_000,
      signed: -5,
      float: 0.5,
      yes: true,
      text: "Grüße 🦊",
      unsigned_list: [1, 2],
      signed_list: [-1, 1],
      float_list: [0.25, -2],
      yes_list: [true, false],
      text_list: ["a", "é"],
    },
  });
  const { long, long_list: longList } = (read as Record<string, Record<string, unknown>>)[
    "llama"
  ] as { long: unknown; long_list: unknown[] };
  expect(BigInt(long as bigint)).toBe(2n ** 53n + 1n);
  expect(longList.map(Number)).toEqual([7, 8]);
});

test("tensors read back with their dimensions at aligned offsets", async () => {
  const path = write("tensors.gguf");
  const { tensorInfo, version } = await readGgufFileInfo(path);
  expect(version).toBe(3);
  expect(tensorInfo?.map(({ name, dimensions, offset }) => ({ name, dimensions, offset }))).toEqual(
    [
      { name: "odd.weight", dimensions: [3, 5], offset: 0 },
      { name: "chunked.weight", dimensions: [1_000, 1_200], offset: 32 },
    ],
  );
});

test("the size told beforehand is the size of the file", () => {
  const size = statSync(write("size.gguf")).size;
  expect(size).toBe(fileBytes(encodeHeader(metadata, tensors), tensors));
});

test("a path that exists is not overwritten", () => {
  write("twice.gguf");
  expect(() => write("twice.gguf")).toThrow(/EEXIST/);
});
