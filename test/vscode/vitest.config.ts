import { defineConfig } from "vitest/config";
import { usesElectron } from "./hosts/choice.ts";
import { SummaryReporter } from "../../scripts/summary-reporter.ts";

const TEST_TIMEOUT_MS = 90_000;
/** How long `expect.poll` waits for what the editor shows. A machine may have other work to do. */
const SHOWN_MS_MAX = 20_000;

/** The packaged extension in a real editor: `npm run test:vscode`. */
export default defineConfig({
  test: {
    pool: "forks",
    reporters: ["verbose", new SummaryReporter()],
    include: usesElectron ? ["test/vscode/api.test.ts"] : ["test/vscode/**/*.test.ts"],
    globalSetup: ["test/vscode/global-setup.ts"],
    // One editor at a time: each runs several processes and a model.
    fileParallelism: false,
    // A browser loses a click now and then. What fails twice is wrong, and what fails once is printed.
    retry: 1,
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    expect: { poll: { timeout: SHOWN_MS_MAX } },
  },
});
