/** What people write for agents, besides `AGENTS.md`; it holds for the whole workspace. */
export const SHARED_RULES = ".github/copilot-instructions.md";

const FOLDER_RULES = "AGENTS.md";
/** Folders deeper than this are looked at no more. */
const DEPTH_MAX = 32;

/** Where rules for the files of a folder may stand, from the root to the folder itself. */
export function folderRulePaths(folder: string): string[] {
  const names = folder.split("/").filter((name) => name !== "" && name !== ".");
  const folders = names.slice(0, DEPTH_MAX).map((_, index) => names.slice(0, index + 1).join("/"));
  return [FOLDER_RULES, ...folders.map((each) => `${each}/${FOLDER_RULES}`)];
}
