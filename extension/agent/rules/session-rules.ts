import type { Workspace } from "../ports/workspace.ts";
import { readRule } from "./read-rule.ts";
import { folderRulePaths, SHARED_RULES } from "./rule-paths.ts";
import { type SelectedRules, selectRules } from "./select-rules.ts";

/** What the user's own rules are called, wherever they come from. */
export const USER_RULES = "The user's rules";

/**
 * The rules with which a session begins: what the user has set, then the workspace's own, then those
 * of the folder that the session is about. They stand in the cached front of every prompt.
 */
export async function sessionRules(
  workspace: Workspace,
  options: { readonly userText: string; readonly folder: string },
): Promise<SelectedRules> {
  const { userText, folder } = options;
  const paths = [SHARED_RULES, ...folderRulePaths(folder)];
  const read = await Promise.all(paths.map(async (path) => await readRule(workspace, path)));
  const user = { label: USER_RULES, text: userText };
  return selectRules([user, ...read.filter((rule) => rule !== null)]);
}
