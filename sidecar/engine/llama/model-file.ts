import { statSync } from "node:fs";
import { basename } from "node:path";
import { type GgufFileInfo, readGgufFileInfo } from "node-llama-cpp";
import { Refusal } from "../../refusal.ts";
import { fingerprintOf } from "./fingerprint.ts";

/**
 * Architectures that generate no text from left to right: embeddings, diffusion, speech, drafts for
 * another model, and those with an encoder. They have no cells, or llama.cpp asserts that they are
 * used together with something else.
 */
const NO_TEXT = new Set(
  (
    "bert modern-bert nomic-bert nomic-bert-moe neo-bert jina-bert-v2 jina-bert-v3 eurobert " +
    "gemma-embedding llama-embed dream llada llada-moe rnd1 wavtokenizer-dec pockettts " +
    "qwen3tts clip eagle3 dflash gemma4-assistant t5 t5encoder"
  ).split(" "),
);

/** What a model file says of itself, read without loading it. */
export type ModelFile = {
  readonly info: GgufFileInfo;
  readonly name: string;
  readonly bytes: number;
  readonly fingerprint: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly trainedTokens: number;
  readonly template: string | null;
};

/** Fails with `modelMissing` or `modelUnreadable`, before anything native sees the file. */
export async function readModelFile(path: string): Promise<ModelFile> {
  const bytes = sizeOf(path);
  const name = basename(path);
  let info: GgufFileInfo;
  try {
    info = await readGgufFileInfo(path, { sourceType: "filesystem", logWarnings: false });
  } catch {
    throw new Refusal("modelUnreadable", `${name} is not a GGUF model file.`);
  }
  const { general, tokenizer } = info.metadata;
  const tensors = info.fullTensorInfo ?? [];
  const lastByte = tensors.reduce((last, tensor) => Math.max(last, Number(tensor.fileOffset)), 0);
  if (tensors.length === 0 || (info.splicedParts === 1 && lastByte >= bytes)) {
    throw new Refusal("modelUnreadable", `${name} is incomplete: it ends before its weights do.`);
  }
  const trainedTokens = info.architectureMetadata.context_length;
  const { architecture } = general;
  const speaks = tokenizer?.ggml !== undefined && !NO_TEXT.has(architecture);
  if (typeof trainedTokens !== "number" || !speaks) {
    throw new Refusal("modelUnreadable", `${name} is no language model.`);
  }
  return {
    info,
    bytes,
    fingerprint: fingerprintOf(path, bytes),
    name: general.name ?? name,
    architecture,
    parameters: tensors.reduce((sum, { dimensions }) => sum + product(dimensions), 0),
    trainedTokens,
    template: tokenizer.chat_template ?? null,
  };
}

function sizeOf(path: string): number {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return stats.size;
  } catch {
    // Reported below, together with folders.
  }
  throw new Refusal("modelMissing", `There is no model file at ${path}.`);
}

function product(dimensions: readonly (number | bigint)[]): number {
  return dimensions.reduce<number>((total, length) => total * Number(length), 1);
}
