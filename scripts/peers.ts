/**
 * Compares the engine with other local servers: `npm run bench:peers -- edits`, on fewer contexts with
 * `--quick`; `--json` prints the figures as JSON, `--threads N` sets how many threads each program
 * uses. The figures go to docs/peers-….json and docs/peers.md. The first run compiles the peer.
 */
import { EXIT_FAILED, EXIT_USAGE, sentenceOf } from "../cli/failures.ts";
import { Interrupts } from "../cli/interrupts.ts";
import { peersArguments } from "./peers/arguments.ts";
import { compare } from "./peers/compare.ts";
import { registry } from "./peers/registry.ts";
import type { PeersRow } from "./peers/report.ts";
import { writeResults } from "./peers/result-files.ts";

const HANG_UP_EXIT = 129;

const interrupts = Interrupts.watch(process);
process.once("SIGHUP", () => interrupts.interrupt(HANG_UP_EXIT));
const { cases, peers } = registry;
const wanted = peersArguments(
  process.argv.slice(2),
  cases.map(({ name }) => name),
);
const measured = cases.find(({ name }) => wanted.kind === "run" && name === wanted.caseName);

try {
  if (wanted.kind === "wrong" || measured === undefined) {
    console.error(wanted.kind === "wrong" ? wanted.message : "There is no such case.");
    process.exitCode = EXIT_USAGE;
  } else {
    const { quick, threads } = wanted;
    const { signal } = interrupts;
    const report = await compare(measured, peers, { quick, threads, signal, onRow });
    writeResults(measured.name, report, registry);
    if (wanted.json) console.log(JSON.stringify(report));
    console.error(`Written to docs/ after ${(report.summary.elapsedMs / 1000).toFixed(0)} s.`);
  }
} catch (error) {
  // An interrupted run fails with whatever the interruption broke; nobody needs to read that.
  if (interrupts.exitCode === null) {
    console.error(sentenceOf(error));
    process.exitCode = EXIT_FAILED;
  }
}
process.exitCode = interrupts.exitCode ?? process.exitCode ?? 0;

function onRow(row: PeersRow): void {
  const costs = { ours: row.ours, exact: row.oursExact, ...row.peers };
  const cells = Object.entries(costs).map(
    ([name, { prefilledTokens, firstTokenMs }]) =>
      `${name} ${prefilledTokens} in ${firstTokenMs.toFixed(0)} ms`,
  );
  console.error(`${row.case} at ${row.contextTokens}: ${cells.join(", ")}; ${row.ratio}x`);
}
