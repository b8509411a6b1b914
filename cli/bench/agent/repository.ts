import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PACKAGES = 100;

/** A folder of source files that is the same every time. */
export class Repository {
  readonly root: string;
  readonly files: number;

  constructor(files: number) {
    this.files = files;
    this.root = realpathSync(mkdtempSync(join(tmpdir(), "kvasir-bench-agent-")));
    writeFileSync(join(this.root, ".gitignore"), "dist/\nnode_modules/\n");
    for (let index = 0; index < PACKAGES; index++) {
      mkdirSync(join(this.root, folderOf(index)), { recursive: true });
    }
    // The .gitignore is a file too.
    for (let index = 0; index < files - 1; index++) {
      writeFileSync(join(this.root, this.path(index)), sourceOf(index));
    }
  }

  path(index: number): string {
    return `${folderOf(index)}/module-${index}.ts`;
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

function folderOf(index: number): string {
  return `packages/package-${index % PACKAGES}/src`;
}

function sourceOf(index: number): string {
  const other = (index * 7) % 1_000;
  return `import { compute${other} } from "./module-${other}.ts";

/** What module ${index} counts. */
export type Counted${index} = { readonly name: string; readonly count: number };

const LIMIT = 0;

export function compute${index}(items: readonly Counted${index}[]): number {
  let sum = 0;
  for (const { name, count } of items) {
    if (count > LIMIT && name !== "") sum += count;
  }
  return sum + (items.length > ${index % 10} ? compute${other}([]) : 0);
}

export function describe${index}(item: Counted${index}): string {
  return item.name + ": " + item.count;
}
`;
}
