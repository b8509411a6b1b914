import { writesFile } from "./dangerous-places.ts";
import { readShellLine, type ShellLine, type SimpleCommand } from "./shell-line.ts";
import { unwrapLine } from "./unwrap-command.ts";

/** Commands that may run without a question: these words, and whatever follows if `rest`. */
export type CommandRule = { readonly words: readonly string[]; readonly rest: boolean };

/** Allows every command that is not dangerous. */
export const EVERY_COMMAND: CommandRule = { words: [], rest: true };

/** Reads a rule as a person writes it: `npm test`, or `npm run *` for anything behind. */
export function parseCommandRule(text: string): CommandRule | null {
  const trimmed = text.trim();
  if (trimmed === "*") return EVERY_COMMAND;
  const rest = trimmed.endsWith(" *");
  const read = readShellLine(rest ? trimmed.slice(0, -2) : trimmed);
  if (read.kind === "unclear") return null;
  const [command, ...more] = read.line.commands;
  if (command === undefined || more.length > 0 || read.line.files.length > 0) return null;
  return command.words.includes(null) ? null : { words: command.words as string[], rest };
}

/** Whether every single command of a line, nested ones included, has a rule that allows it. */
export function rulesAllow(line: ShellLine, rules: readonly CommandRule[]): boolean {
  const { commands, lines } = unwrapLine(line);
  // A rule names words of a command and no file that its output replaces.
  if (lines.some(writes) && !rules.some(isEveryCommand)) return false;
  // A redirection alone, such as `> a`, is no command that a rule could name.
  return commands.length > 0 && commands.every((command) => isAllowed(command, rules));
}

/**
 * The narrowest rules that allow this line again; `null` when part of it is not known yet, or when
 * it writes a file, which no narrow rule allows.
 */
export function rulesFor(line: ShellLine): readonly CommandRule[] | null {
  const { commands, lines, unclear } = unwrapLine(line);
  if (unclear || commands.length === 0 || lines.some(writes)) return null;
  if (commands.some(({ words }) => words.includes(null))) return null;
  return commands.map(({ words }) => ({ words: words as string[], rest: false }));
}

function writes({ files }: ShellLine): boolean {
  return files.some(writesFile);
}

function isEveryCommand({ words, rest }: CommandRule): boolean {
  return words.length === 0 && rest;
}

function isAllowed({ words }: SimpleCommand, rules: readonly CommandRule[]): boolean {
  return rules.some((rule) => {
    if (rule.rest ? words.length < rule.words.length : words.length !== rule.words.length)
      return false;
    return rule.words.every((word, index) => words[index] === word);
  });
}
