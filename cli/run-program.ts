import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { EXIT_USAGE, exitCodeOf, sentenceOf } from "./failures.ts";
import { Interrupts } from "./interrupts.ts";

/** Runs a command line and turns what comes of it into an exit code. */
export async function runProgram(
  addCommands: (program: Command, interrupts: Interrupts) => void,
): Promise<void> {
  const interrupts = Interrupts.watch(process);
  const program = new Command("kvasir")
    .description("Runs a language model locally and prefills only what has changed.")
    .version(packageVersion())
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
  addCommands(program, interrupts);
  try {
    await program.parseAsync();
  } catch (error) {
    // An interrupted command fails with whatever the interruption broke; nobody needs to read that.
    if (interrupts.exitCode === null) process.exitCode = report(error);
  }
  process.exitCode = interrupts.exitCode ?? process.exitCode ?? 0;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/gu, " ");
  return line.charAt(0).toUpperCase() + line.slice(1);
}

/** Tells of an error in one line and answers the exit code. */
function report(error: unknown): number {
  if (!(error instanceof CommanderError)) {
    process.stderr.write(`kvasir: ${sentenceOf(error)}\n`);
    return exitCodeOf(error);
  }
  // Help that was asked for is no error; its text has been printed already.
  if (error.exitCode === 0) return 0;
  if (error.code !== "commander.help") {
    const reason = error.message.replace(/^error: /u, "").replace(/\.$/u, "");
    process.stderr.write(`kvasir: ${oneLine(reason)}.\n`);
  }
  return EXIT_USAGE;
}

/** package.json lies above both dist/cli.mjs and this source file. */
function packageVersion(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  const parsed: unknown = JSON.parse(text);
  const known = typeof parsed === "object" && parsed !== null && "version" in parsed;
  return known ? String(parsed.version) : "unknown";
}
