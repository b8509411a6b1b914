import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * The path of another program of the package. It lies beside the bundled command line; when this
 * file is run from source, it lies in dist/ at the root of the repository.
 */
export function programFile(name: string): string {
  const candidates = [`./${name}`, `../dist/${name}`].map((relative) =>
    fileURLToPath(new URL(relative, import.meta.url)),
  );
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(`A part of Kvasir, ${name}, is missing; build or install it again.`);
  }
  return found;
}
