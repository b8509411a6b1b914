import type { Reporter, SerializedError, TestModule } from "vitest/node";

/** Prints `N passed, N failed` on a line of its own when a run has ended. */
export class SummaryReporter implements Reporter {
  onTestRunEnd(
    modules: ReadonlyArray<TestModule>,
    unhandledErrors: ReadonlyArray<SerializedError>,
  ): void {
    let passed = 0;
    // An error outside any test fails the run, so it counts like a failed test.
    let failed = unhandledErrors.length;
    for (const module of modules) {
      failed += module.errors().length;
      for (const suite of module.children.allSuites()) failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        if (state === "failed") failed += 1;
      }
    }
    const summary = `${passed} passed, ${failed} failed`;
    // The default reporter still writes after its own end of run; the exit hook comes after it.
    process.once("exit", () => process.stdout.write(`${summary}\n`));
  }
}
