import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type PageSection, peersPage } from "./page.ts";
import type { Peer } from "./peer.ts";
import type { PeersCase } from "./peers-case.ts";
import { type PeersReport, peersReport } from "./report.ts";

const docs = new URL("../../docs/", import.meta.url);

/** Writes what was measured, and the page anew from all that has been measured so far. */
export function writeResults(
  caseName: string,
  report: PeersReport,
  known: { readonly cases: readonly PeersCase[]; readonly peers: readonly Peer[] },
): void {
  writeFileSync(resultFile(caseName), `${JSON.stringify(report, null, 2)}\n`);
  const sections = known.cases.flatMap((shown): PageSection[] => {
    const file = resultFile(shown.name);
    if (!existsSync(file)) return [];
    return [{ shown, report: peersReport.parse(JSON.parse(readFileSync(file, "utf8"))) }];
  });
  writeFileSync(new URL("peers.md", docs), peersPage(sections, known.peers));
}

function resultFile(caseName: string): URL {
  return new URL(`peers-${caseName}.json`, docs);
}
