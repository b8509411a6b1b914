import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

/** Makes a folder for one test file, which is removed after its last test. */
export function createTemporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "kvasir-models-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}
