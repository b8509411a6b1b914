import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";

const PARTS_SHOWN = 10;
const BYTES_PER_MEGABYTE = 1_000_000;

/** The size of a package, and what of it weighs most once it is unpacked. */
export function sizeReport(vsix: string, folder: string): string {
  const sizes = new Map<string, number>();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const part = partOf(relative(folder, path).replaceAll("\\", "/"));
    sizes.set(part, (sizes.get(part) ?? 0) + statSync(path).size);
  }
  const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const largest = [...sizes].toSorted(([, a], [, b]) => b - a).slice(0, PARTS_SHOWN);
  return [
    `${vsix}: ${megabytes(statSync(vsix).size)}, ${megabytes(total)} unpacked. The largest parts:`,
    ...largest.map(([part, bytes]) => `${megabytes(bytes).padStart(10)}  ${part}`),
  ].join("\n");
}

/** Binaries count one by one, other files of a package together. */
function partOf(path: string): string {
  const inPackage = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
  return inPackage?.[1] === undefined || path.includes("/bins/") ? path : inPackage[1];
}

function megabytes(bytes: number): string {
  return `${(bytes / BYTES_PER_MEGABYTE).toFixed(1)} MB`;
}
