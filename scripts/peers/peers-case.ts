import type { OurEngine } from "./our-engine.ts";
import type { RunningPeer } from "./peer.ts";
import type { PeersRow } from "./report.ts";

export type Contenders = {
  readonly ours: Pick<OurEngine, "firstToken">;
  /** By name. */
  readonly peers: ReadonlyMap<string, RunningPeer>;
};

/** One kind of comparison. */
export type PeersCase = {
  readonly name: string;
  readonly title: string;
  /** What is done and how to read the figures, for the page. */
  readonly about: string;
  /** The longest prompt it needs; the allocation of all programs follows from it. */
  readonly windowTokens: number;
  readonly repetitions: (quick: boolean) => number;
  readonly rows: (contenders: Contenders, quick: boolean) => AsyncGenerator<PeersRow>;
};
