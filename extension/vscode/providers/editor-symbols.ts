import * as vscode from "vscode";
import type { TextHit } from "../../agent/ports/search.ts";

/** Language servers may first have to read the workspace; the search does not wait for that. */
const WAIT_MS_MAX = 100;
const SYMBOLS_MAX = 10;

/** Where language servers know a name to be defined. */
export async function findSymbols(name: string): Promise<readonly TextHit[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly vscode.SymbolInformation[]>((resolve) => {
    timer = setTimeout(() => resolve([]), WAIT_MS_MAX);
  });
  const asked = vscode.commands.executeCommand<readonly vscode.SymbolInformation[] | undefined>(
    "vscode.executeWorkspaceSymbolProvider",
    name,
  );
  try {
    const symbols = await Promise.race([asked, late]);
    return (symbols ?? [])
      .filter(({ name: found, location: { uri } }) => found === name && isInside(uri))
      .slice(0, SYMBOLS_MAX)
      .map(({ location: { uri, range } }) => ({
        path: vscode.workspace.asRelativePath(uri),
        line: range.start.line + 1,
        // Counts as a definition, in whatever language it is one.
        text: `function ${name}`,
      }));
  } catch {
    // Some servers fail until a file of theirs is open; the search by text goes on.
    return [];
  } finally {
    clearTimeout(timer);
  }
}

function isInside(uri: vscode.Uri): boolean {
  return vscode.workspace.getWorkspaceFolder(uri) !== undefined;
}
