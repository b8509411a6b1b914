import type { Workspace } from "../ports/workspace.ts";
import { readRule } from "./read-rule.ts";
import { folderRulePaths } from "./rule-paths.ts";
import { selectRules } from "./select-rules.ts";

/** Rules of one folder that are told in the middle of a session. */
const NEAR_CHARACTERS_MAX = 6_000;

export type ToldRules = {
  /** For the model; empty when all of it is known. */
  readonly text: string;
  /** One sentence for a person about everything that was left out; the model is told the same. */
  readonly leftOut: readonly string[];
};

/**
 * Rules of folders that the agent comes to while it works. They are told once, with the first file
 * of their folder, so that the front of the prompt stays as it is.
 */
export class NearRules {
  readonly #workspace: Workspace;
  readonly #known: Set<string>;

  /** @param folder the one whose rules the session began with. */
  constructor(workspace: Workspace, folder: string) {
    this.#workspace = workspace;
    this.#known = new Set(folderRulePaths(folder));
  }

  /** What is to be told with this file. It counts as told from then on. */
  async take(relativePath: string): Promise<ToldRules> {
    const folder = relativePath.split("/").slice(0, -1).join("/");
    const fresh = folderRulePaths(folder).filter((path) => !this.#known.has(path));
    for (const path of fresh) this.#known.add(path);
    const read = await Promise.all(
      fresh.map(async (path) => await readRule(this.#workspace, path)),
    );
    const { rules, sentences } = selectRules(
      read.filter((rule) => rule !== null),
      NEAR_CHARACTERS_MAX,
    );
    const texts = rules.map(
      ({ label, text }) => `${label} holds for the files of its folder:\n${text}`,
    );
    return { text: [...texts, ...sentences].join("\n\n"), leftOut: sentences };
  }
}
