import { access } from "node:fs/promises";
import { join } from "node:path";
import * as vscode from "vscode";
import { FoldersSearch } from "../../agent/folders-search.ts";
import { RipgrepSearch } from "../../agent/node/node-ripgrep.ts";
import type { Search } from "../../agent/ports/search.ts";
import type { NamedFolder } from "../../edits/confine-to-folders.ts";

const PROGRAM = process.platform === "win32" ? "rg.exe" : "rg";
const UNIVERSAL = join(
  "@vscode",
  "ripgrep-universal",
  "bin",
  `${process.platform}-${process.arch}`,
);
const SINGLE = join("@vscode", "ripgrep", "bin");
const PACKAGES = ["node_modules", "node_modules.asar.unpacked"];

/** Searches the folders with the ripgrep that comes with the editor, else the one on the path. */
export async function editorSearch(folders: readonly NamedFolder[]): Promise<Search> {
  const program = await editorRipgrep();
  const searches = folders.map(({ name, path }) => {
    return { name, search: new RipgrepSearch(program, path) };
  });
  const [first, ...more] = searches;
  return first !== undefined && more.length === 0 ? first.search : new FoldersSearch(searches);
}

/** Editors have moved it before, and will again: then the search says that it was not found. */
async function editorRipgrep(): Promise<string> {
  for (const packages of PACKAGES) {
    for (const folder of [UNIVERSAL, SINGLE]) {
      const path = join(vscode.env.appRoot, packages, folder, PROGRAM);
      if (await exists(path)) return path;
    }
  }
  return PROGRAM;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
