import { loadLlama } from "../../sidecar/engine/llama/load.ts";
import { serveTask } from "../worker/serve-task.ts";
import type { ReplayDone, ReplayedSession, ReplayTask } from "./messages.ts";
import { Replayer } from "./replayer.ts";

/** What is prefilled again and again costs too much time in longer prompts. */
const NAIVE_LIMIT_TOKENS = 16_384;

/** The process that holds the model while sessions are replayed. */
serveTask<ReplayTask, ReplayedSession, ReplayDone>(async (task, tell) => {
  const { modelPath: path, threads, policy, sessions } = task;
  const engine = await loadLlama(
    { path, ...(threads === null ? {} : { threads }) },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      beforeDecode: () => undefined,
    },
  );
  const { facts } = engine;
  const most = policy === "naive" ? NAIVE_LIMIT_TOKENS : facts.windowTokens;
  const limitTokens = Math.min(task.limitTokens ?? most, facts.windowTokens);
  const replayer = new Replayer(engine, { policy, limitTokens, onNote: tell.note });
  for (const session of sessions) tell.row(await replayer.replay(session));
  await engine.dispose();
  return { facts };
});
