import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readShellLine } from "../../extension/agent/approvals/shell-line.ts";
import { NodeTerminal } from "../../extension/agent/node/node-terminal.ts";

const TIME_LIMIT_MS = 10_000;

/** A folder with a program `./mark` that leaves a file, and whether the shell ran it for this line. */
async function marks(command: string): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), "kvasir-shell-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "mark"), "#!/bin/sh\n: > ran\n", { mode: 0o755 });
  const { signal } = new AbortController();
  const options = { folder, timeLimitMs: TIME_LIMIT_MS, signal, onOutput: () => {} };
  await new NodeTerminal().run(command, options);
  return await stat(join(folder, "ran")).then(
    () => true,
    () => false,
  );
}

/** Whether somebody who reads the line would know that it runs `./mark`. */
function showsMark(command: string): boolean {
  const read = readShellLine(command);
  return read.kind === "unclear" || read.line.commands.some(({ words }) => words[0] === "./mark");
}

describe.skipIf(process.platform === "win32")("what the shell runs was read before", () => {
  it.each([
    "./mark",
    "echo $'a\\'; ./mark; #'",
    "echo `echo $'a\\'; ./mark; #'`",
    "echo $$'a\\'; ./mark; #'",
    "echo hi; ((./mark))",
    "echo hi; [[ a || ./mark == b ]]",
    "echo hi &> out ./mark",
    "echo $[1;./mark]",
    'echo $(( "$(./mark)" ))',
    "echo $(( '$(./mark)' ))",
    'echo "${x-\'}"; ./mark; echo "\'}"',
    "echo ${x:-$'a\\'}; ./mark; #'}",
    "cat <<$'EOF'\nx\n$EOF\n./mark\nEOF",
    "cat <<EOF\nfoo\\\nEOF\n./mark\nEOF",
    "cat <<E'O'F\nEOF\n./mark\nEOF",
    "cat <<EOF\n${x:-'$(./mark)'}\nEOF",
    "cat <<EOF\n$(echo\nEOF\n./mark\n)\nEOF",
    "echo $\\\n(./mark)",
    "./ma\\\nrk",
    "echo a \\#; ./mark",
    "# a\\\n./mark",
    "echo `# \\`\n./mark`",
    "a+=b ./mark",
    "function f { ./mark; }",
    "time -p ./mark",
  ])("%j", async (command) => {
    expect((await marks(command)) && !showsMark(command)).toBe(false);
  });
});
