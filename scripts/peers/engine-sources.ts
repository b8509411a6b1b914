import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";

const library = new URL("../../node_modules/node-llama-cpp/", import.meta.url);
const info = z.object({ tag: z.string().regex(/^[\w.-]+$/u) });
const manifest = z.object({ version: z.string() });

/** The sources of llama.cpp that come with the engine library: a git bundle of one commit. */
export function engineSourceBundle(): string {
  return fileURLToPath(new URL("llama/gitRelease.bundle", library));
}

/** Which release of llama.cpp the library and the bundle are. */
export function engineRelease(): string {
  return info.parse(readJson("llama/llama.cpp.info.json")).tag;
}

export function libraryVersion(): string {
  return manifest.parse(readJson("package.json")).version;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, library), "utf8"));
}
