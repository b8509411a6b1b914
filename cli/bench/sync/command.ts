import type { Command } from "commander";
import { LoadModel } from "../../../protocol/model.ts";
import { chooseModel } from "../../choose-model.ts";
import type { Interrupts } from "../../interrupts.ts";
import { withSidecar } from "../../with-sidecar.ts";
import { median } from "../median.ts";
import { type BenchReport, reportOf } from "../report.ts";
import { measureSync, type SyncSample } from "./measure-sync.ts";

const FILE_LINES = [100, 1_000, 10_000];
const EDITS = 100;
const QUICK_EDITS = 20;

type Options = { readonly model?: string; readonly quick?: true; readonly json?: true };

type Row = {
  readonly fileLines: number;
  readonly edits: number;
  readonly bytesP50: number;
  readonly bytesMax: number;
  readonly hostMsP50: number;
  readonly hostMsP95: number;
  readonly hostCpuMsP50: number;
  readonly hostCpuMsP95: number;
  readonly erratumBytesP50: number;
  readonly erratumBytesMax: number;
  readonly erratumHostMsP50: number;
  readonly erratumHostMsP95: number;
};

export function addSyncBench(bench: Command, interrupts: Interrupts): void {
  bench
    .command("sync")
    .description("What an edit of a file in the window costs on the wire and in the editor's host.")
    .option("--model <path>", "the model file, which is only described: no token is computed")
    .option("--quick", "fewer edits")
    .option("--json", "print the figures as JSON")
    .action((options: Options) => benchSync(options, interrupts));
}

async function benchSync(options: Options, { signal }: Interrupts): Promise<void> {
  const { path } = await chooseModel(options.model, {
    environment: process.env,
    fallback: options.quick ? "tiny" : "bench",
  });
  const edits = options.quick ? QUICK_EDITS : EDITS;
  const report = await withSidecar({ path }, async (sidecar) => {
    const facts = await sidecar.requestBare(LoadModel, signal);
    const rows: Row[] = [];
    for (const fileLines of FILE_LINES) {
      signal.throwIfAborted();
      process.stderr.write(`${fileLines} lines\n`);
      const { inPlace, told } = await measureSync(sidecar, fileLines, edits);
      rows.push(rowOf(fileLines, inPlace, told));
    }
    return reportOf({ name: "sync", version: 1 }, facts, { rows, summary: {} });
  });
  console.log(options.json ? JSON.stringify(report) : asText(report));
}

function rowOf(
  fileLines: number,
  inPlace: readonly SyncSample[],
  told: readonly SyncSample[],
): Row {
  const bytes = inPlace.map((sample) => sample.bytes);
  const hostMs = inPlace.map((sample) => sample.hostMs);
  const hostCpuMs = inPlace.map((sample) => sample.hostCpuMs);
  const erratumBytes = told.map((sample) => sample.bytes);
  const erratumHostMs = told.map((sample) => sample.hostMs);
  return {
    fileLines,
    edits: inPlace.length,
    bytesP50: median(bytes),
    bytesMax: Math.max(...bytes),
    hostMsP50: median(hostMs),
    hostMsP95: percentile95(hostMs),
    hostCpuMsP50: median(hostCpuMs),
    hostCpuMsP95: percentile95(hostCpuMs),
    erratumBytesP50: median(erratumBytes),
    erratumBytesMax: Math.max(...erratumBytes),
    erratumHostMsP50: median(erratumHostMs),
    erratumHostMsP95: percentile95(erratumHostMs),
  };
}

function percentile95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

function asText({ rows }: BenchReport<Row, object>): string {
  return rows
    .map(
      (row) =>
        `${String(row.fileLines).padStart(6)} lines: ${row.bytesMax} bytes at most, ` +
        `${row.hostMsP50.toFixed(2)} ms (95%: ${row.hostMsP95.toFixed(2)} ms; ` +
        `CPU ${row.hostCpuMsP50.toFixed(2)} and ${row.hostCpuMsP95.toFixed(2)} ms); ` +
        `as a note ${row.erratumBytesMax} bytes, ${row.erratumHostMsP50.toFixed(2)} ms ` +
        `(95%: ${row.erratumHostMsP95.toFixed(2)} ms)`,
    )
    .join("\n");
}
