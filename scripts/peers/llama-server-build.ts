import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { defaultModelFolder } from "../../cli/models/cache-folder.ts";
import { type BuildStep, buildFailure } from "./build-failure.ts";
import { engineRelease, engineSourceBundle } from "./engine-sources.ts";
import { runTool } from "./run-tool.ts";

/**
 * Everything else is as llama.cpp has it by default. `GGML_NATIVE` uses all instructions of this
 * processor, as the prebuilt engine does by choosing among its builds. Nothing is downloaded.
 */
const CMAKE_OPTIONS = [
  "-DCMAKE_BUILD_TYPE=Release",
  "-DBUILD_SHARED_LIBS=OFF",
  "-DGGML_NATIVE=ON",
  "-DGGML_CCACHE=OFF",
  "-DLLAMA_OPENSSL=OFF",
  "-DLLAMA_BUILD_TESTS=OFF",
  "-DLLAMA_BUILD_EXAMPLES=OFF",
  "-DLLAMA_BUILD_APP=OFF",
  "-DLLAMA_BUILD_UI=OFF",
  "-DLLAMA_USE_PREBUILT_UI=OFF",
];

const NAME = process.platform === "win32" ? "llama-server.exe" : "llama-server";
const KEY_LENGTH = 8;

/** The program, compiled on first use into the cache folder of the models. */
export async function ensureLlamaServer(signal: AbortSignal): Promise<string> {
  const key = createHash("sha256").update(CMAKE_OPTIONS.join(" ")).digest("hex");
  const name = `llama-server-${engineRelease()}-${key.slice(0, KEY_LENGTH)}`;
  const folder = join(defaultModelFolder(), name);
  const program = join(folder, NAME);
  if (existsSync(program)) return program;
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  process.stderr.write("Compiling llama-server; this takes some minutes, once.\n");
  try {
    const built = await compile(unfinished, signal);
    mkdirSync(folder, { recursive: true });
    // A program that is there is complete: copied under another name, then renamed.
    copyFileSync(built, `${program}.unfinished`);
    renameSync(`${program}.unfinished`, program);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return program;
}

async function compile(folder: string, signal: AbortSignal): Promise<string> {
  const sources = join(folder, "sources");
  const build = join(folder, "build");
  const jobs = String(availableParallelism());
  const steps: readonly BuildStep[] = [
    { tool: "git", args: ["clone", "--quiet", engineSourceBundle(), sources] },
    { tool: "cmake", args: ["-S", sources, "-B", build, ...CMAKE_OPTIONS] },
    {
      tool: "cmake",
      args: ["--build", build, "--config", "Release", "--target", "llama-server", "-j", jobs],
    },
  ];
  for (const step of steps) {
    const outcome = await runTool(step.tool, step.args, signal);
    signal.throwIfAborted();
    if (outcome.kind !== "done") throw new Error(buildFailure(step, outcome));
  }
  // Generators for several configurations put each into a folder of its own.
  const candidates = [join(build, "bin", NAME), join(build, "bin", "Release", NAME)];
  const built = candidates.find((path) => existsSync(path));
  if (built === undefined)
    throw new Error("llama-server was compiled but is not where it should be.");
  return built;
}
