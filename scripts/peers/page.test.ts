import { expect, it } from "vitest";
import { peersPage } from "./page.ts";
import type { PeersReport } from "./report.ts";

const report: PeersReport = {
  bench: "peers",
  version: 1,
  model: { name: "kvasir-bench", parameters: 26_800_000, bytes: 53_000_000 },
  machine: { cpu: "A CPU", cores: 2, memoryBytes: 8e9, gpu: null },
  rows: [
    {
      case: "edits/replace",
      contextTokens: 4096,
      promptTokens: 4136,
      ours: { prefilledTokens: 141, firstTokenMs: 100.4, engineMs: 99 },
      oursExact: { prefilledTokens: 2088, firstTokenMs: 2100, engineMs: 2099 },
      peers: { other: { prefilledTokens: 2088, firstTokenMs: 2010, engineMs: 2000 } },
      ratio: 20.02,
      ratioExact: 0.96,
    },
  ],
  summary: {
    command: "npm run bench:peers -- edits",
    repetitions: 5,
    threads: 2,
    cellsTokens: 16_384,
    batchTokens: 512,
    elapsedMs: 60_000,
    versions: { "llama.cpp": "v9" },
  },
};
const shown = { name: "edits", title: "Edits", about: "Texts change." };

it("shows a row for each case, with a column for each peer", () => {
  const lines = peersPage([{ shown, report }], [{ name: "other", about: "a server" }]).split("\n");
  const header = lines.findIndex((line) => line.startsWith("| case"));
  expect(lines.slice(header, header + 3)).toEqual([
    "| case | context | Kvasir, splice | Kvasir, exact | other | ratio | ratio, exact |",
    "| --- | --: | --: | --: | --: | --: | --: |",
    "| replace | 4,096 | 141 · 100 ms | 2,088 · 2,100 ms | 2,088 · 2,010 ms | 20.0× | 0.96× |",
  ]);
});

it("says what made the figures, where, and with which versions", () => {
  const page = peersPage([{ shown, report }], []);
  for (const fact of [
    "npm run bench:peers -- edits",
    "A CPU, 2 cores",
    "threads 2",
    "llama.cpp v9",
  ]) {
    expect(page).toContain(fact);
  }
});
