import { alternativesOf } from "./glob-alternatives.ts";
import { namesMatcher } from "./glob-names.ts";

/** Longer ones are no globs that anybody has meant. */
const GLOB_CHARACTERS_MAX = 500;
const ALTERNATIVES_MAX = 64;

/** One sentence, for whoever wrote the glob: mostly a model. */
export type GlobRefused = { readonly kind: "refused"; readonly sentence: string };

export type GlobMatcher = {
  readonly kind: "matcher";
  readonly matches: (path: string) => boolean;
};

/**
 * Tells whether a relative path matches. A glob without a slash is about names in any folder, and
 * the name of a folder stands for what is in it, as models tend to write it.
 *
 * Globs and paths come from models and repositories, and one that takes long would stop everything else
 * in the process. So nothing here is a regular expression: each `*` is tried again from its latest place only.
 */
export function globMatcher(glob: string): GlobMatcher | GlobRefused {
  const plain = glob
    .trim()
    .replace(/^\.?\/+/u, "")
    .replace(/(?<!\/)\/+$/u, "");
  if (plain === "" || plain === "." || plain === "**") {
    return { kind: "matcher", matches: () => true };
  }
  if (plain.length > GLOB_CHARACTERS_MAX) {
    return refused(`A glob may have ${GLOB_CHARACTERS_MAX} characters.`);
  }
  if (/^!|[@!?+*]\(/u.test(plain)) {
    return refused(
      "A glob knows *, **, ?, [abc] and {a,b}, but neither ! nor groups such as !(a).",
    );
  }
  const alternatives = alternativesOf(plain, ALTERNATIVES_MAX);
  if (alternatives === null) {
    return refused(`The braces of a glob may stand for ${ALTERNATIVES_MAX} globs.`);
  }
  const anywhere = plain.includes("/") ? "" : "**/";
  const matchers = [...new Set(alternatives.flatMap((each) => [each, withNames(each)]))].map(
    (each) => namesMatcher(`${anywhere}${each}/**`),
  );
  return {
    kind: "matcher",
    matches: (path) => {
      const names = path.split("/");
      return path === plain || matchers.some((matches) => matches(names));
    },
  };
}

/** Frameworks call files `[id]`, and a model that says so means those. */
function withNames(glob: string): string {
  return glob.replaceAll(/(?<!\\)\[(\w+)\]/gu, "\\[$1]");
}

function refused(sentence: string): GlobRefused {
  return { kind: "refused", sentence };
}
