import { dangerOf } from "./dangerous-commands.ts";
import { dangerOfFile, dangerOfPlaces } from "./dangerous-places.ts";
import { dangerOfReader } from "./interpreters.ts";
import type { ShellLine, SimpleCommand } from "./shell-line.ts";
import { programName, unwrapLine } from "./unwrap-command.ts";

/** Variables that only say how a program talks. Most others can make it load or run something. */
const HARMLESS_VARIABLES: ReadonlySet<string> = new Set(
  (
    "CI DEBUG FORCE_COLOR NO_COLOR LANG LC_ALL TZ NODE_ENV COLUMNS TERM RUST_BACKTRACE RUST_LOG " +
    "PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE"
  ).split(" "),
);

/**
 * Everything about a command line that a person has to see before it runs, however it was allowed;
 * each a clause that completes “It …”. Empty when nothing is known to be dangerous.
 */
export function commandDangers(line: ShellLine, root: string): readonly string[] {
  const { commands, lines, unclear } = unwrapLine(line);
  const found = [
    ...(unclear ? ["starts something that cannot be read beforehand"] : []),
    ...commands.flatMap((command) => [dangerOf(command), dangerOfPlaces(command, root)]),
    ...commands.flatMap((command) => [dangerOfVariables(command), dangerOfReader(command)]),
    ...lines.flatMap((each) => dangersOfForm(each, root)),
  ];
  return [...new Set(found.filter((danger) => danger !== null))];
}

function dangersOfForm(line: ShellLine, root: string): (string | null)[] {
  return [
    line.background ? "starts something that runs on by itself" : null,
    line.functions ? "gives a name of its own to other commands" : null,
    ...line.variables.map(dangerOfVariable),
    ...line.files.map((file) => dangerOfFile(file, root)),
    ...line.pipelines.map(dangerOfPipeline),
  ];
}

function dangerOfVariable(name: string): string | null {
  return HARMLESS_VARIABLES.has(name) ? null : `sets ${name}, which can change what programs do`;
}

/** `env NAME=value program` sets variables like a prefix does. */
function dangerOfVariables({ words }: SimpleCommand): string | null {
  if (words[0] === null || words[0] === undefined || programName(words[0]) !== "env") return null;
  const names = words.slice(1).flatMap((word) => /^([^-=][^=]*)=/u.exec(word ?? "")?.[1] ?? []);
  return names.map(dangerOfVariable).find((danger) => danger !== null) ?? null;
}

/** A program whose name is not known yet may be a shell. */
function dangerOfPipeline(parts: readonly (SimpleCommand | null)[]): string | null {
  const hidden = parts.slice(1).some((part) => part?.words[0] === null);
  return hidden ? "runs the output of another program" : null;
}
