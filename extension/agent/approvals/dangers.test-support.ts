import { commandDangers } from "./command-dangers.ts";
import { readShellLine } from "./shell-line.ts";

/** What is dangerous about a line in the workspace `/w`, or why it cannot be read. */
export function dangers(command: string): readonly string[] {
  const read = readShellLine(command);
  return read.kind === "read" ? commandDangers(read.line, "/w") : [read.sentence];
}
