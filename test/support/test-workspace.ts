import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { rgPath } from "@vscode/ripgrep";
import { RipgrepSearch } from "../../extension/agent/node/node-ripgrep.ts";
import { NodeWorkspace } from "../../extension/agent/node/node-workspace.ts";

export type TestWorkspace = {
  readonly root: string;
  readonly workspace: NodeWorkspace;
  readonly search: RipgrepSearch;
  write(files: Readonly<Record<string, string | Uint8Array>>): void;
};

/** Makes folders on disk with the search that the product uses. */
export function testWorkspaces(): (
  files?: Readonly<Record<string, string | Uint8Array>>,
) => TestWorkspace {
  const roots: string[] = [];
  afterAll(() => {
    for (const root of roots) rmSync(root, { recursive: true, force: true });
  });
  return (files = {}) => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "kvasir-providers-")));
    roots.push(root);
    const write: TestWorkspace["write"] = (given) => {
      for (const [path, content] of Object.entries(given)) {
        mkdirSync(dirname(join(root, path)), { recursive: true });
        writeFileSync(join(root, path), content);
      }
    };
    write(files);
    return {
      root,
      write,
      workspace: new NodeWorkspace(root),
      search: new RipgrepSearch(rgPath, root),
    };
  };
}

export const never = (): AbortSignal => new AbortController().signal;
