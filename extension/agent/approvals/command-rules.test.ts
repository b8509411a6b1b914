import { describe, expect, it } from "vitest";
import { EVERY_COMMAND, parseCommandRule, rulesAllow, rulesFor } from "./command-rules.ts";
import { readShellLine, type ShellLine } from "./shell-line.ts";

function line(text: string): ShellLine {
  const read = readShellLine(text);
  if (read.kind === "unclear") throw new Error(read.sentence);
  return read.line;
}

const rules = ["npm test", "bash -c 'npm test > a'", "bash *"].map((text) =>
  parseCommandRule(text)!,
);

describe("a command whose output goes to a file", () => {
  const writing = [
    "npm test > src/index.ts",
    "npm test >> src/index.ts",
    "npm test 2> src/index.ts",
    "npm test >| src/index.ts",
    "npm test <> src/index.ts",
    "npm test >& src/index.ts",
    "npm test > $OUT",
    "{ npm test; } > src/index.ts",
    "npm test && npm test > src/index.ts",
    "bash -c 'npm test > a'",
  ];

  it.each(writing)("is not allowed by a rule for the command: %s", (text) => {
    expect(rulesAllow(line(text), rules)).toBe(false);
  });

  it.each(writing)("is not remembered: %s", (text) => {
    expect(rulesFor(line(text))).toBeNull();
  });

  it("is allowed where every command is", () => {
    expect(rulesAllow(line("npm test > src/index.ts"), [EVERY_COMMAND])).toBe(true);
  });
});

describe("a command whose output goes to no file", () => {
  it.each([
    "npm test > /dev/null 2>&1",
    "npm test 2>/dev/stderr",
    "npm test < input.txt",
    "npm test <<EOF\ntext\nEOF",
    "bash -c 'npm test 2>/dev/null'",
  ])("is allowed by its rule, and remembered: %s", (text) => {
    expect(rulesAllow(line(text), rules)).toBe(true);
    expect(rulesFor(line(text))).not.toBeNull();
  });
});
