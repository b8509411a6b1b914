import { reportOf } from "../../cli/bench/report.ts";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { libraryVersion } from "./engine-sources.ts";
import { OurEngine } from "./our-engine.ts";
import type { Peer, PeerSetup, RunningPeer } from "./peer.ts";
import type { PeersCase } from "./peers-case.ts";
import type { PeersReport, PeersRow } from "./report.ts";

export type CompareOptions = {
  readonly quick: boolean;
  readonly threads: number | null;
  readonly signal: AbortSignal;
  readonly onRow: (row: PeersRow) => void;
};

/** Measures a case: our engine and all peers, one after another for each prompt, in one run. */
export async function compare(
  measured: PeersCase,
  peers: readonly Peer[],
  { quick, threads, signal, onRow }: CompareOptions,
): Promise<PeersReport> {
  const { name, windowTokens } = measured;
  const versions = {
    node: process.versions.node,
    "node-llama-cpp": libraryVersion(),
  };
  for (const peer of peers) Object.assign(versions, await peer.prepare(signal));
  const modelPath = await ensureModel("bench");
  const startMs = performance.now();
  const ours = await OurEngine.start({ modelPath, windowTokens, threads }, signal);
  const running = new Map<string, RunningPeer>();
  try {
    const { facts, batchTokens } = ours;
    const { cellsTokens } = facts;
    const setup: PeerSetup = { modelPath, threads: facts.threads, cellsTokens, batchTokens };
    for (const peer of peers) running.set(peer.name, await peer.start(setup, signal));
    const rows: PeersRow[] = [];
    for await (const row of measured.rows({ ours, peers: running }, quick)) {
      rows.push(row);
      onRow(row);
    }
    const summary = {
      command: commandLine(name, quick, threads),
      repetitions: measured.repetitions(quick),
      threads: facts.threads,
      cellsTokens,
      batchTokens,
      elapsedMs: Math.round(performance.now() - startMs),
      versions,
    };
    return { ...reportOf({ name: "peers", version: 1 }, facts, { rows, summary }), version: 1 };
  } finally {
    await Promise.all([ours.stop(), ...[...running.values()].map((peer) => peer.stop())]);
  }
}

function commandLine(caseName: string, quick: boolean, threads: number | null): string {
  const options = [...(quick ? ["--quick"] : []), ...(threads ? ["--threads", threads] : [])];
  return ["npm run bench:peers --", caseName, ...options].join(" ");
}
