import type { LlamaContext } from "node-llama-cpp";
import type { CellFormat } from "../engine.ts";

/** What the bytes of a context's cells depend on, as the library tells it. */
export function cellFormatOf({ model }: LlamaContext): CellFormat {
  const { gpu, llamaCppRelease } = model.llama;
  return {
    engine: `llama.cpp ${llamaCppRelease.release}`,
    rope: JSON.stringify(model.fileInfo.architectureMetadata.rope ?? null),
    gpu: gpu === false ? null : gpu,
  };
}
