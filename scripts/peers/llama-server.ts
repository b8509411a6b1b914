import { z } from "zod";
import { sentenceOf } from "../../cli/failures.ts";
import { GuardedProgram } from "./guarded-program.ts";
import { postJson } from "./http-json.ts";
import { engineRelease } from "./engine-sources.ts";
import { ensureLlamaServer } from "./llama-server-build.ts";
import type { Peer, PeerSetup, Reading, RunningPeer } from "./peer.ts";

/** Loading the largest generated model takes a few seconds on a slow disk. */
const START_MS_MAX = 120_000;
const LISTENING = /listening on (http:\/\/127\.0\.0\.1:\d+)/u;

/** `prompt_n` counts what was evaluated; `tokens_evaluated` beside it is the length of the prompt. */
const completion = z.object({
  timings: z.object({ prompt_n: z.number(), prompt_ms: z.number() }),
});

/**
 * The server of llama.cpp, compiled from the sources that our engine library was made of.
 *
 * @param reuseTokens the shortest run that it moves instead of computing it; `null`: its default, no
 * such moves.
 */
export function llamaServer(reuseTokens: number | null): Peer {
  const reuse = reuseTokens === null ? [] : ["--cache-reuse", String(reuseTokens)];
  return {
    name: ["llama-server", ...reuse].join(" "),
    about:
      reuseTokens === null
        ? "default settings: reuses the common prefix of its slot, and stores past prompts in memory"
        : `also moves runs of at least ${reuseTokens} tokens within the cache, which is approximate like a splice`,
    prepare: async (signal) => {
      await ensureLlamaServer(signal);
      return { "llama.cpp": engineRelease() };
    },
    start: async (setup, signal) => {
      const program = await ensureLlamaServer(signal);
      return await start(program, [...serverArguments(setup), ...reuse], signal);
    },
  };
}

function serverArguments({ modelPath, threads, cellsTokens, batchTokens }: PeerSetup): string[] {
  const options = {
    "--model": modelPath,
    "--host": "127.0.0.1",
    // The system chooses a free one, and the server says which.
    "--port": 0,
    "--parallel": 1,
    "--threads": threads,
    "--n-gpu-layers": 0,
    "--flash-attn": "on",
    "--ctx-size": cellsTokens,
    "--batch-size": batchTokens,
    "--ubatch-size": batchTokens,
    "--cache-type-k": "f16",
    "--cache-type-v": "f16",
  };
  return [...Object.entries(options).flat().map(String), "--no-webui", "--offline"];
}

async function start(
  file: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<RunningPeer> {
  const listening = Promise.withResolvers<string>();
  let said = "";
  const program = new GuardedProgram(file, args, (text) => {
    if (LISTENING.test(said)) return;
    said += text;
    const origin = LISTENING.exec(said)?.[1];
    if (origin !== undefined) listening.resolve(origin);
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(START_MS_MAX)]);
  const giveUp = (): void => listening.reject(new Error("llama-server did not start in time."));
  limit.addEventListener("abort", giveUp, { once: true });
  const ended = (): void => {
    const reason = program.lastLine ?? "it said nothing";
    listening.reject(new Error(`llama-server could not be started: ${reason}`));
  };
  program.ended().then(ended, ended);
  try {
    const origin = await listening.promise;
    const url = new URL("/completion", origin);
    return {
      firstToken: (prompt) => firstToken(url, prompt, signal),
      stop: () => program.stop(),
    };
  } catch (error) {
    await program.stop();
    throw error;
  } finally {
    limit.removeEventListener("abort", giveUp);
  }
}

async function firstToken(
  url: URL,
  prompt: readonly number[],
  signal: AbortSignal,
): Promise<Reading> {
  const body = { prompt, n_predict: 1, cache_prompt: true, id_slot: 0, temperature: 0 };
  const startMs = performance.now();
  const answer = await postJson(url, body, signal).catch((error: unknown) => {
    throw new Error(`llama-server did not answer: ${sentenceOf(error)}`, { cause: error });
  });
  const firstTokenMs = performance.now() - startMs;
  const { timings } = completion.parse(answer);
  return { prefilledTokens: timings.prompt_n, firstTokenMs, engineMs: timings.prompt_ms };
}
