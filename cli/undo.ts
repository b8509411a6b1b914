import type { Command } from "commander";
import { dataFolder } from "./agent/data-folder.ts";
import { TurnFolders } from "./agent/turn-folders.ts";
import { type Undone, undoLastTurn } from "./agent/undo-last-turn.ts";
import { workFolder } from "./agent/work-folder.ts";

/** Something of the turn could not be taken back. */
const EXIT_CONFLICTS = 3;

type Options = { readonly workspace?: string; readonly json?: true };

export function addUndoCommand(program: Command): void {
  program
    .command("undo")
    .description("Takes back what the last turn of “kvasir agent” changed in a folder.")
    .option("--workspace <folder>", "the folder it worked in; by default the present one")
    .option("--json", "print what was taken back as JSON")
    .action(async (options: Options) => {
      process.exitCode = await undo(options);
    });
}

async function undo({ workspace, json }: Options): Promise<number> {
  const root = await workFolder(workspace);
  const undone = await undoLastTurn(root, new TurnFolders(dataFolder(), root));
  if (undone.kind === "refused") throw new Error(undone.sentence);
  console.log(json === true ? JSON.stringify(undone) : asText(undone));
  return undone.conflicts.length === 0 ? 0 : EXIT_CONFLICTS;
}

function asText({ files, conflicts }: Extract<Undone, { kind: "undone" }>): string {
  const lines = [
    ...files.map(({ path, did }) => `${did}  ${path}`),
    ...conflicts.map(({ path, sentence, before }) => {
      const kept = before === null ? "" : ` Its content from before the turn is in ${before}`;
      return `left as it is  ${path}: ${sentence}${kept}`;
    }),
  ];
  return lines.length === 0 ? "The files are as before the turn already." : lines.join("\n");
}
