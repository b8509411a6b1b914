import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync, truncateSync } from "node:fs";
import { basename, join } from "node:path";
import { readGgufFileInfo } from "node-llama-cpp";
import { expect, test } from "vitest";
import { catalogue } from "./catalogue.ts";
import { DiskSpaceError, ensureModel, UnknownModelError } from "./ensure-model.ts";
import { planModel } from "./model-file.ts";
import { createTemporaryFolder } from "./temporary-folder.test-support.ts";

const folder = createTemporaryFolder();

function hashFile(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

test("the same seed gives the same bytes", async () => {
  const first = await ensureModel("tiny", { folder: join(folder, "first") });
  const second = await ensureModel("tiny", { folder: join(folder, "second") });
  expect(second).not.toBe(first);
  expect(hashFile(second)).toBe(hashFile(first));
});

test("a changed recipe gets another file name", () => {
  const { tiny } = catalogue;
  const names = [
    tiny,
    { ...tiny, seed: 9 },
    { ...tiny, chatTemplate: "{{ messages }}" },
    { ...tiny, parameters: { ...tiny.parameters, ropeFrequencyBase: 20_000 } },
  ].map((recipe) => planModel("tiny", recipe).fileName);
  expect(new Set(names).size).toBe(4);
  expect(names[0]).toMatch(/^tiny-v\d+-[0-9a-f]{8}\.gguf$/);
});

test("a model that is there already is not written again", async () => {
  const options = { folder: join(folder, "kept") };
  const path = await ensureModel("tiny", options);
  const before = statSync(path, { bigint: true });
  expect(await ensureModel("tiny", options)).toBe(path);
  expect(statSync(path, { bigint: true }).ino).toBe(before.ino);
});

test("a cut-off file is replaced", async () => {
  const options = { folder: join(folder, "cut") };
  const path = await ensureModel("tiny", options);
  const size = statSync(path).size;
  truncateSync(path, 1_000);
  await ensureModel("tiny", options);
  expect(statSync(path).size).toBe(size);
});

test("callers at the same time all end with one complete file", async () => {
  const options = { folder: join(folder, "together") };
  const paths = await Promise.all([1, 2, 3].map(() => ensureModel("tiny", options)));
  expect(new Set(paths).size).toBe(1);
  expect(readdirSync(options.folder)).toEqual([basename(paths[0] as string)]);
});

test("an unknown name is refused with the names there are", async () => {
  const refused = ensureModel("huge", { folder });
  await expect(refused).rejects.toThrow(UnknownModelError);
  await expect(refused).rejects.toThrow("tiny, tiny-reasoning, bench, large");
});

test("a full disk is refused before anything is written", async () => {
  const full = { folder: join(folder, "full"), measureFreeBytes: async () => 1_000_000 };
  await expect(ensureModel("large", full)).rejects.toThrow(DiskSpaceError);
  expect(readdirSync(full.folder)).toEqual([]);
});

test("the header reads back with the catalogue's parameters", async () => {
  const info = await readGgufFileInfo(await ensureModel("tiny", { folder }));
  expect(info.metadata).toMatchObject({
    general: { architecture: "llama", file_type: 1 },
    llama: {
      context_length: 8_192,
      embedding_length: 64,
      block_count: 2,
      attention: { head_count: 2, head_count_kv: 1, key_length: 32, value_length: 32 },
    },
    tokenizer: { ggml: { model: "gpt2", pre: "qwen2", add_bos_token: false } },
  });
  expect(info.metadata.tokenizer.chat_template).toBe(catalogue.tiny.chatTemplate);
  expect(info.tensorInfo?.[0]).toMatchObject({
    name: "token_embd.weight",
    dimensions: [64, info.metadata.tokenizer.ggml.tokens.length],
  });
});

test("the bench and large models have about their promised sizes", () => {
  const megabytes = (["bench", "large"] as const).map((name) =>
    Math.round(planModel(name, catalogue[name]).bytesTotal / 1_000_000),
  );
  expect(megabytes).toEqual([54, 491]);
});
