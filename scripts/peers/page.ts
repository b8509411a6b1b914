import type { Peer } from "./peer.ts";
import type { PeersCase } from "./peers-case.ts";
import type { Cost, PeersReport, PeersRow } from "./report.ts";

export type PageSection = {
  readonly shown: Pick<PeersCase, "name" | "title" | "about">;
  readonly report: PeersReport;
};

/** The page about peers: every case that has been measured. */
export function peersPage(
  sections: readonly PageSection[],
  peers: readonly Pick<Peer, "name" | "about">[],
): string {
  return [
    "# Compared with others",
    "",
    "Each table is written by the command that it names, which runs all programs on the same machine,",
    "prompts and model in turns, one computing at a time. Cells read *tokens evaluated · time to first",
    "token*, medians of the repetitions, by the clock of the process that sent the prompt. Ratios are",
    "the fastest peer's time divided by ours, so more than 1 means that we are faster.",
    "",
    ...peers.map(({ name, about }) => `- \`${name}\`: ${about}.`),
    ...sections.flatMap((section) => ["", ...sectionLines(section)]),
    "",
  ].join("\n");
}

function sectionLines({ shown, report }: PageSection): string[] {
  const { model, machine, rows, summary } = report;
  const versions = Object.entries(summary.versions).map(([name, version]) => `${name} ${version}`);
  const names = Object.keys(rows[0]?.peers ?? {});
  const header = ["case", "context", "Kvasir, splice", "Kvasir, exact", ...names, "ratio"];
  return [
    `## ${shown.title}`,
    "",
    shown.about,
    "",
    `\`${summary.command}\`: model \`${model.name}\`, ${millions(model.parameters)} parameters, on the ` +
      `CPU: ${machine.cpu}, ${machine.cores} cores. Every program: threads ${summary.threads}, ` +
      `${whole(summary.cellsTokens)} cells in f16, batches of at most ${summary.batchTokens}, flash ` +
      `attention. Repetitions: ${summary.repetitions}. Versions: ${versions.join(", ")}.`,
    "",
    tableLine([...header, "ratio, exact"]),
    tableLine(header.map((_, index) => (index === 0 ? "---" : "--:")).concat("--:")),
    ...rows.map((row) => tableLine(rowCells(shown.name, row, names))),
  ];
}

function rowCells(caseName: string, row: PeersRow, names: readonly string[]): string[] {
  const peers = names.map((name) => {
    const cost = row.peers[name];
    return cost === undefined ? "" : costCell(cost);
  });
  return [
    row.case.replace(`${caseName}/`, ""),
    whole(row.contextTokens),
    costCell(row.ours),
    costCell(row.oursExact),
    ...peers,
    `${row.ratio.toFixed(1)}×`,
    `${row.ratioExact.toFixed(2)}×`,
  ];
}

function costCell({ prefilledTokens, firstTokenMs }: Cost): string {
  return `${whole(prefilledTokens)} · ${whole(firstTokenMs)} ms`;
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

function millions(value: number): string {
  return `${(value / 1e6).toFixed(1)} million`;
}
