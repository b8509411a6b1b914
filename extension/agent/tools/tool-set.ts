import { askUser } from "./ask-user.ts";
import { diagnostics } from "./diagnostics.ts";
import { editFile } from "./edit-file.ts";
import { finish } from "./finish.ts";
import { listFiles } from "./list-files.ts";
import { readFile } from "./read-file.ts";
import { runCommand } from "./run-command.ts";
import { searchText } from "./search-text.ts";
import type { AgentTool } from "./tool.ts";
import { writeFile } from "./write-file.ts";

/** Further tools that one window may offer: each stands in every prompt. */
const EXTRA_TOOLS_MAX = 64;

/** In canonical order, which never changes: the schemas stand at the front of every prompt. */
const BUILT_IN: readonly AgentTool[] = [
  readFile,
  listFiles,
  searchText,
  editFile,
  writeFile,
  runCommand,
  diagnostics,
  askUser,
  finish,
];

/** For very small models. */
const MINIMAL: readonly AgentTool[] = [readFile, editFile, finish];

const BUILT_IN_NAMES: ReadonlySet<string> = new Set(BUILT_IN.map(({ schema }) => schema.name));

export function isBuiltIn(name: string): boolean {
  return BUILT_IN_NAMES.has(name);
}

/**
 * The tools of one agent: the built-in ones, then what was switched on besides, by name. An extra
 * tool with the name of a built-in one is left out, so that nothing can stand in for it.
 */
export function toolSet(kind: "full" | "minimal", extra: readonly AgentTool[] = []): AgentTool[] {
  const builtIn = kind === "full" ? BUILT_IN : MINIMAL;
  const more = extra
    .filter(({ schema }) => !isBuiltIn(schema.name))
    .toSorted((a, b) => (a.schema.name < b.schema.name ? -1 : 1))
    .slice(0, EXTRA_TOOLS_MAX);
  return [...builtIn, ...more];
}
