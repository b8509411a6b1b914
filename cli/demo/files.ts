import { readFileSync } from "node:fs";
import { UsageError } from "../failures.ts";

export type DemoFile = { readonly name: string; readonly text: string };

/** How many files the conversation is about. */
const FILES = 2;
/** Enough for savings to show, and little enough for a slow machine. */
const CHARACTERS_MAX = 6_000;

/** Looked for in the current folder, in this order: a text for people first, then source code. */
const CANDIDATES = [
  "README.md",
  "ARCHITECTURE.md",
  "CONTRIBUTING.md",
  "protocol/segment.ts",
  "protocol/edit.ts",
  "protocol/usage.ts",
  "package.json",
];

/** The files that were named, or else the first of the usual ones that exist. */
export function readDemoFiles(named: readonly string[] | undefined): DemoFile[] {
  if (named !== undefined) return named.map(readNamed);
  const found: DemoFile[] = [];
  for (const name of CANDIDATES) {
    if (found.length === FILES) break;
    const text = readText(name);
    if (text !== null) found.push({ name, text });
  }
  if (found.length > 0) return found;
  throw new UsageError("There is no file to talk about in this folder; name some with --files.");
}

function readNamed(name: string): DemoFile {
  const text = readText(name);
  if (text === null) throw new UsageError(`The file ${name} is empty or cannot be read.`);
  return { name, text };
}

function readText(name: string): string | null {
  try {
    const text = readFileSync(name, "utf8").slice(0, CHARACTERS_MAX);
    return text.trim() === "" ? null : text;
  } catch {
    return null;
  }
}
