import { copyFileSync, truncateSync, writeFileSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildArchitecture } from "../../cli/models/architectures/build.ts";
import type { LlamaParameters } from "../../cli/models/architectures/llama.ts";
import { catalogue } from "../../cli/models/catalogue.ts";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { stringValue } from "../../cli/models/gguf-metadata.ts";
import { encodeHeader, fileBytes } from "../../cli/models/gguf-writer.ts";
import { loadMerges } from "../../cli/models/tokenizer/merges-file.ts";
import { buildVocabulary, tokenizerMetadata } from "../../cli/models/tokenizer/vocabulary.ts";
import type { ModelConfig } from "../../protocol/model.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";

let folder: string;
let tiny: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "kvasir-load-"));
  tiny = await ensureModel("tiny");
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe("facts", () => {
  test("come from the file and say what is used", async () => {
    const engine = await load({ path: tiny, windowTokens: 1024, threads: 1, cacheType: "q8_0" });
    expect(engine.facts).toMatchObject({
      architecture: "llama",
      trainedTokens: 8192,
      windowTokens: 1024,
      threads: 1,
      cacheType: "q8_0",
      gpu: null,
      gpuLayers: 0,
      bytes: (await stat(tiny)).size,
    });
    expect(engine.facts.cellsTokens).toBeGreaterThan(1024);
    await engine.dispose();
  });

  test("name a copy the same and another model differently", async () => {
    const copy = join(folder, "copy.gguf");
    copyFileSync(tiny, copy);
    const fingerprints: string[] = [];
    for (const path of [tiny, copy, await ensureModel("tiny-reasoning")]) {
      const engine = await load({ path });
      fingerprints.push(engine.facts.fingerprint);
      await engine.dispose();
    }
    expect(fingerprints[1]).toBe(fingerprints[0]);
    expect(fingerprints[2]).not.toBe(fingerprints[0]);
  });

  test.each(["f16", "q8_0", "q4_0"] as const)("a %s cache decodes", async (cacheType) => {
    const engine = await load({ path: tiny, windowTokens: 512, cacheType });
    await engine.cells.decode([1, 2, 3]);
    expect(engine.cells.resident()).toEqual([1, 2, 3]);
    await engine.dispose();
  });
});

describe("a model that cannot be used is refused with a reason", () => {
  test("when the file is missing, or is a folder", async () => {
    expect(await refusal({ path: join(folder, "none.gguf") })).toMatchObject({
      kind: "modelMissing",
    });
    expect(await refusal({ path: folder })).toMatchObject({ kind: "modelMissing" });
  });

  test("when it is empty or no GGUF at all", async () => {
    const path = join(folder, "text.gguf");
    for (const content of ["", "just some text, long enough to be a header of something else"]) {
      writeFileSync(path, content);
      expect(await refusal({ path })).toEqual({
        kind: "modelUnreadable",
        message: "text.gguf is not a GGUF model file.",
      });
    }
  });

  test.each([0.02, 0.2, 0.9, 0.9999])("when it is cut off at a share of %d", async (share) => {
    const path = join(folder, "cut.gguf");
    copyFileSync(tiny, path);
    truncateSync(path, Math.floor((await stat(tiny)).size * share));
    const { kind, message } = await refusal({ path });
    expect(kind).toBe("modelUnreadable");
    // What the library says of it is for the log.
    expect(message).toMatch(
      /^\S+ (is not a GGUF model file|is incomplete: [^:]+|could not be loaded: the log has the details)\.$/u,
    );
  });

  test("when nobody knows its architecture", async () => {
    const path = join(folder, "strange.gguf");
    writeSparseModel(path, "strange", catalogue.tiny.parameters);
    expect(await refusal({ path })).toEqual({
      kind: "modelUnreadable",
      message:
        "strange.gguf could not be loaded: this version of llama.cpp does not know the architecture “strange”.",
    });
  });

  test.each(["bert", "dream", "t5", "eagle3"])("when it generates no text: %s", async (name) => {
    const path = join(folder, `${name}.gguf`);
    writeSparseModel(path, name, catalogue.tiny.parameters);
    expect(await refusal({ path })).toEqual({
      kind: "modelUnreadable",
      message: `${name}.gguf is no language model.`,
    });
  });

  test("when it does not fit in memory", async () => {
    const path = join(folder, "huge.gguf");
    const huge = { embeddingLength: 16_384, feedForwardLength: 131_072, layerCount: 150 };
    writeSparseModel(path, "llama", { ...catalogue.tiny.parameters, ...huge });
    const refused = await refusal({ path });
    expect(refused).toMatchObject({ kind: "modelTooLarge" });
    expect(refused.message).toMatch(
      /^The model needs [\d.]+ GB of memory and [\d.]+ GB can be used\.$/u,
    );
  });

  test.each([0, -1, 8193])("when a context of %i tokens is asked for", async (windowTokens) => {
    expect(await refusal({ path: tiny, windowTokens })).toMatchObject({ kind: "badSetting" });
  });
});

async function load(config: ModelConfig & { readonly path: string }): ReturnType<typeof loadLlama> {
  return await loadLlama(
    { gpuLayers: 0, ...config },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      beforeDecode: () => undefined,
    },
  );
}

async function refusal(
  config: ModelConfig & { readonly path: string },
): Promise<{ readonly kind: string; readonly message: string }> {
  const error: unknown = await load(config).then(
    () => new Error("The model was loaded."),
    (reason: unknown) => reason,
  );
  if (error instanceof Error && "data" in error) {
    return error.data as { readonly kind: string; readonly message: string };
  }
  throw error;
}

/** A header without its weights, in a sparse file of the right size, whatever that is. */
function writeSparseModel(path: string, architecture: string, parameters: LlamaParameters): void {
  const vocabulary = buildVocabulary(loadMerges());
  const { metadata, tensors } = buildArchitecture(parameters, vocabulary.tokens.length);
  const header = encodeHeader(
    [
      ["general.architecture", stringValue(architecture)],
      ...metadata.map(([key, value]) => [key.replace(/^llama/u, architecture), value] as const),
      ...tokenizerMetadata(vocabulary, catalogue.tiny.chatTemplate),
    ],
    tensors,
  );
  writeFileSync(path, header);
  truncateSync(path, fileBytes(header, tensors));
}
