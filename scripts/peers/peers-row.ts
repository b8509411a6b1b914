import { median } from "../../cli/bench/median.ts";
import type { Reading } from "./peer.ts";
import type { Cost, PeersRow } from "./report.ts";

/** What each program needed for the same prompt, once a repetition. */
export type Readings = {
  readonly ours: readonly Reading[];
  readonly oursExact: readonly Reading[];
  readonly peers: ReadonlyMap<string, readonly Reading[]>;
};

/** The medians of a case, and how they compare. */
export function peersRow(
  what: Pick<PeersRow, "case" | "contextTokens" | "promptTokens">,
  readings: Readings,
): PeersRow {
  const ours = costOf(readings.ours);
  const oursExact = costOf(readings.oursExact);
  const peers = Object.fromEntries(
    [...readings.peers].map(([name, ofPeer]) => [name, costOf(ofPeer)] as const),
  );
  const bestMs = Math.min(...Object.values(peers).map(({ firstTokenMs }) => firstTokenMs));
  return {
    ...what,
    ours,
    oursExact,
    peers,
    ratio: rounded(bestMs / ours.firstTokenMs),
    ratioExact: rounded(bestMs / oursExact.firstTokenMs),
  };
}

function costOf(readings: readonly Reading[]): Cost {
  return {
    prefilledTokens: median(readings.map(({ prefilledTokens }) => prefilledTokens)),
    firstTokenMs: rounded(median(readings.map(({ firstTokenMs }) => firstTokenMs))),
    engineMs: rounded(median(readings.map(({ engineMs }) => engineMs))),
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
