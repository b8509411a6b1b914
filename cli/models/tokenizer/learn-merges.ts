// Run by hand, once: `node cli/models/tokenizer/learn-merges.ts`. It reads permissively licensed text
// from node_modules and rewrites merges.txt. A new merges.txt changes every model's recipe.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CorpusText } from "./corpus.ts";
import { corpusSources, readPackage, readSource } from "./corpus.ts";
import { learnMerges } from "./merge-learner.ts";
import { formatMergesFile } from "./merges-file.ts";
import { preTokenize } from "./pre-tokenize.ts";

const mergeCount = 8_000;
const modulesFolder = fileURLToPath(new URL("../../../node_modules", import.meta.url));

// A piece that a single package uses is mostly its own name or jargon, which is no use to other text.
function countSharedPieces(texts: readonly CorpusText[]): Map<string, number> {
  const counts = new Map<string, number>();
  const firstPackages = new Map<string, string>();
  const shared = new Set<string>();
  for (const { packageName, text, weight } of texts) {
    for (const piece of preTokenize(text)) {
      const firstPackage = firstPackages.get(piece);
      if (firstPackage === undefined) firstPackages.set(piece, packageName);
      else if (firstPackage !== packageName) shared.add(piece);
      counts.set(piece, (counts.get(piece) ?? 0) + weight);
    }
  }
  return new Map([...counts].filter(([piece]) => shared.has(piece)));
}

function describeSources(): string[] {
  const names = [...new Set(corpusSources.map((source) => source.packageName))].sort();
  return names.map((name) => {
    const { version, license } = readPackage(modulesFolder, name);
    return `  ${name} ${version} (${license})`;
  });
}

function main(): void {
  const comments = [
    "Byte-pair merges of Kvasir's test models, most frequent first, in GPT-2 byte characters.",
    "Made by: node cli/models/tokenizer/learn-merges.ts",
    "An empty line ends this comment. Learnt from the text of these packages:",
    ...describeSources(),
  ];
  const texts = corpusSources.flatMap((source) => readSource(modulesFolder, source));
  const charactersTotal = texts.reduce((total, { text }) => total + text.length, 0);
  const pieceCounts = countSharedPieces(texts);
  const merges = learnMerges(pieceCounts, mergeCount);
  const path = fileURLToPath(new URL("./merges.txt", import.meta.url));
  writeFileSync(path, formatMergesFile(comments, merges));
  console.log(
    `Learnt ${merges.length} merges from ${charactersTotal} characters ` +
      `(${pieceCounts.size} shared pieces) in ${texts.length} files.`,
  );
}

main();
