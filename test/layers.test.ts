import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

const repository = fileURLToPath(new URL("..", import.meta.url));

/** Files that other files import; each exports something and imports nothing. */
const leaves = [
  "protocol/leaf.ts",
  "extension/context/leaf.ts",
  "extension/client/leaf.ts",
  "extension/agent/leaf.ts",
  "extension/edits/node-leaf.ts",
  "extension/providers/leaf.ts",
  "extension/vscode/leaf.ts",
  "sidecar/history/leaf.ts",
  "sidecar/prompt/leaf.ts",
  "sidecar/plan/leaf.ts",
  "sidecar/lane/leaf.ts",
  "sidecar/engine/engine.ts",
  "sidecar/engine/simulated/leaf.ts",
  "sidecar/engine/llama/leaf.ts",
  "sidecar/turn/leaf.ts",
  "sidecar/host/leaf.ts",
  "sidecar/server/leaf.ts",
  "sidecar/main.ts",
  "cli/models/leaf.ts",
  "cli/main.ts",
  "scripts/leaf.ts",
  "cli/models/leaf.test-support.ts",
  "test/support/leaf.ts",
];

type Case = readonly [file: string, specifier: string];

const forbidden: readonly Case[] = [
  ["protocol/a.ts", "../sidecar/plan/leaf.ts"],
  ["protocol/b.ts", "node:fs"],
  ["protocol/c.ts", "commander"],
  ["extension/context/a.ts", "vscode"],
  ["extension/context/b.ts", "../client/leaf.ts"],
  ["extension/context/c.ts", "node:path"],
  ["extension/context/d.test.ts", "../vscode/leaf.ts"],
  ["extension/client/a.ts", "vscode-languageclient"],
  ["extension/client/b.ts", "../agent/leaf.ts"],
  ["extension/client/c.ts", "../../sidecar/plan/leaf.ts"],
  ["extension/meter/a.ts", "../context/leaf.ts"],
  ["extension/edits/a.ts", "../vscode/leaf.ts"],
  ["extension/edits/b.ts", "node:fs"],
  ["extension/edits/c.ts", "./node-leaf.ts"],
  ["extension/edits/d.ts", "../context/leaf.ts"],
  ["extension/edits/node-a.ts", "../agent/leaf.ts"],
  ["extension/agent/a.ts", "../../cli/models/leaf.ts"],
  ["extension/agent/b.ts", "../providers/leaf.ts"],
  ["extension/providers/a.ts", "../vscode/leaf.ts"],
  ["extension/providers/b.ts", "node:fs"],
  ["extension/vscode/a.ts", "../../sidecar/turn/leaf.ts"],
  ["extension/vscode/b.ts", "../../cli/models/leaf.ts"],
  ["extension/main.ts", "node-llama-cpp"],
  ["sidecar/history/a.ts", "node:fs"],
  ["sidecar/history/b.ts", "../prompt/leaf.ts"],
  ["sidecar/plan/a.ts", "@huggingface/jinja"],
  ["sidecar/plan/b.ts", "../engine/simulated/leaf.ts"],
  ["sidecar/kv/a.ts", "node-llama-cpp"],
  ["sidecar/kv/b.ts", "../lane/leaf.ts"],
  ["sidecar/lane/a.ts", "../engine/llama/leaf.ts"],
  ["sidecar/lane/b.test.ts", "../engine/simulated/leaf.ts"],
  ["sidecar/engine/simulated/a.ts", "node:fs"],
  ["sidecar/engine/llama/a.ts", "../../turn/leaf.ts"],
  ["sidecar/turn/a.ts", "../engine/llama/leaf.ts"],
  ["sidecar/turn/b.ts", "../server/leaf.ts"],
  ["sidecar/turn/c.ts", "../host/leaf.ts"],
  ["sidecar/host/a.ts", "../engine/llama/leaf.ts"],
  ["sidecar/server/a.ts", "../engine/llama/leaf.ts"],
  ["sidecar/server/b.ts", "../main.ts"],
  ["sidecar/server/c.ts", "../../extension/client/leaf.ts"],
  ["sidecar/server/d.ts", "../../cli/models/leaf.ts"],
  ["sidecar/elsewhere/a.ts", "../plan/leaf.ts"],
  ["cli/models/a.ts", "../../protocol/leaf.ts"],
  ["cli/models/b.ts", "node-llama-cpp"],
  ["cli/models/c.ts", "./leaf.test-support.ts"],
  ["cli/a.ts", "../sidecar/plan/leaf.ts"],
  ["cli/b.ts", "../extension/vscode/leaf.ts"],
  ["cli/bench/a.ts", "../../sidecar/server/leaf.ts"],
  ["cli/bench/b.ts", "vscode"],
  ["scripts/a.ts", "../protocol/leaf.ts"],
  ["scripts/b.ts", "../cli/models/leaf.ts"],
  ["scripts/peers/a.ts", "../../sidecar/server/leaf.ts"],
  ["scripts/peers/b.ts", "../../extension/client/leaf.ts"],
  ["test/a.ts", "../extension/context/d.test.ts"],
];

const permitted: readonly Case[] = [
  ["protocol/y.ts", "zod"],
  ["protocol/z.test.ts", "fast-check"],
  ["extension/client/z.ts", "../context/leaf.ts"],
  ["extension/agent/z.ts", "../client/leaf.ts"],
  ["extension/edits/node-z.ts", "node:fs"],
  ["extension/providers/z.ts", "../agent/leaf.ts"],
  ["extension/providers/node/node-z.ts", "node:child_process"],
  ["extension/vscode/y.ts", "vscode"],
  ["extension/vscode/z.ts", "node:path"],
  ["sidecar/history/z.ts", "node:crypto"],
  ["sidecar/prompt/z.ts", "@huggingface/jinja"],
  ["sidecar/kv/z.ts", "../engine/engine.ts"],
  ["sidecar/engine/llama/z.ts", "node-llama-cpp"],
  ["sidecar/turn/z.test.ts", "../engine/simulated/leaf.ts"],
  ["sidecar/server/z.ts", "../host/leaf.ts"],
  ["cli/models/y.test.ts", "./leaf.test-support.ts"],
  ["cli/models/z.test.ts", "node-llama-cpp"],
  ["cli/bench/z.ts", "../../sidecar/engine/llama/leaf.ts"],
  ["scripts/peers.ts", "../cli/models/leaf.ts"],
  ["scripts/peers/z.ts", "../../sidecar/engine/llama/leaf.ts"],
  ["test/z.ts", "../sidecar/main.ts"],
];

const cruiseReport = z.object({
  summary: z.object({
    violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});

describe("the layering check", () => {
  let root: string;
  let rulesByFile: Map<string, string[]>;

  beforeAll(() => {
    // Inside the repository, so that package names resolve as they do for the real sources.
    mkdirSync(join(repository, "out"), { recursive: true });
    root = mkdtempSync(join(repository, "out", "layers-"));
    for (const leaf of leaves) write(leaf, "export const leaf = 1;\n");
    for (const [file, specifier] of [...forbidden, ...permitted]) {
      write(file, `import * as imported from "${specifier}";\nconsole.log(imported);\n`);
    }
    write("extension/edits/type-only.ts", 'import type { X } from "vscode";\nlet x: X;\n');
    write("extension/edits/lazy.ts", 'void import("vscode");\n');
    write("sidecar/plan/egg.ts", 'export * as hen from "./hen.ts";\n');
    write("sidecar/plan/hen.ts", 'export * as egg from "./egg.ts";\n');
    rulesByFile = cruise(root);
  });

  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it.each(forbidden)("reports %s importing %s", (file) => {
    expect(rulesByFile.get(file)).toBeDefined();
  });

  it.each(permitted)("lets %s import %s", (file) => {
    expect(rulesByFile.get(file)).toBeUndefined();
  });

  it("reports a forbidden import of types alone", () => {
    expect(rulesByFile.get("extension/edits/type-only.ts")).toEqual(["layer extension/edits"]);
  });

  it("reports a forbidden dynamic import", () => {
    expect(rulesByFile.get("extension/edits/lazy.ts")).toEqual(["layer extension/edits"]);
  });

  it("reports a cycle inside one folder", () => {
    const inCycle = ["sidecar/plan/egg.ts", "sidecar/plan/hen.ts"];
    expect(inCycle.flatMap((file) => rulesByFile.get(file) ?? [])).toContain("no cycles");
  });

  it("reports a file that stands in no layer", () => {
    expect(rulesByFile.get("sidecar/elsewhere/a.ts")).toEqual(["unplaced"]);
  });

  it("reports an import of a test file", () => {
    expect(rulesByFile.get("test/a.ts")).toEqual(["no imports of tests"]);
  });

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
});

function cruise(directory: string): Map<string, string[]> {
  const cruiser = join(repository, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const config = join(repository, ".dependency-cruiser.cjs");
  const folders = ["protocol", "extension", "sidecar", "cli", "scripts", "test"];
  const run = spawnSync(
    process.execPath,
    [cruiser, "--config", config, "--output-type", "json", ...folders],
    { cwd: directory, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  if (run.stdout === "") throw new Error(`dependency-cruiser printed no report: ${run.stderr}`);
  const report = cruiseReport.parse(JSON.parse(run.stdout));
  const rulesByFile = new Map<string, string[]>();
  for (const { from, rule } of report.summary.violations) {
    rulesByFile.set(from, [...(rulesByFile.get(from) ?? []), rule.name]);
  }
  return rulesByFile;
}
