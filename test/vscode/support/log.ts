import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type SentContext = { readonly kind: "open" | "change"; readonly bytes: number };

/** What the extension has logged about the texts that it sent, oldest first. */
export function sentContexts(userFolder: string): SentContext[] {
  const logs = readdirSync(userFolder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("Kvasir.log"))
    .sort();
  const text = logs.map((path) => readFileSync(join(userFolder, path), "utf8")).join("\n");
  return [...text.matchAll(/kvasir\/context\/(open|change): (\d+) bytes/g)].map(
    ([, kind, bytes]) => ({ kind: kind === "open" ? "open" : "change", bytes: Number(bytes) }),
  );
}
