import { defineConfig } from "vitest/config";
import { SummaryReporter } from "./scripts/summary-reporter.ts";

// Test workers inherit this. Loading a model on libuv's default pool of four threads starves the
// machine's other worker, and the pool's size is fixed when a process first uses it.
process.env["UV_THREADPOOL_SIZE"] = "1";

const UNIT_WORKERS_MAX = 2;
const UNIT_TIMEOUT_MS = 30_000;
const INTEGRATION_TIMEOUT_MS = 120_000;

const neverTests = [
  "**/node_modules/**",
  "dist/**",
  "out/**",
  "test/fixtures/**",
  // The packaged extension in a real editor has a configuration of its own.
  "test/vscode/**",
];

export default defineConfig({
  test: {
    pool: "forks",
    reporters: ["default", new SummaryReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: [...neverTests, "test/**"],
          maxWorkers: UNIT_WORKERS_MAX,
          testTimeout: UNIT_TIMEOUT_MS,
          hookTimeout: UNIT_TIMEOUT_MS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["test/**/*.test.ts"],
          exclude: neverTests,
          // One file at a time: these load models, and two at once would not fit two cores.
          fileParallelism: false,
          testTimeout: INTEGRATION_TIMEOUT_MS,
          hookTimeout: INTEGRATION_TIMEOUT_MS,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
