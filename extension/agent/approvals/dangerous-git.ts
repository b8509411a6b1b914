import { programOptions, readOptions } from "./program-options.ts";
import type { Words } from "./shell-line.ts";

const OPTIONS = programOptions({
  flags:
    "p paginate P no-pager bare literal-pathspecs glob-pathspecs noglob-pathspecs icase-pathspecs " +
    "no-replace-objects no-optional-locks no-lazy-fetch no-advice",
  values: "C git-dir work-tree namespace",
  last: "v version h help html-path man-path info-path list-cmds",
});

/** Options with which Git starts a program, or writes a file. */
const RUNS = /^(-c|--exec-path|--config-env|--upload-pack|--receive-pack|--ext-diff|--output|-O)/u;

const PUBLISHES: readonly string[] = ["push", "send-email", "request-pull"];

const CONFIGURES: readonly string[] =
  "config filter-branch filter-repo submodule hook bisect".split(" ");

const REWRITES: readonly string[] =
  "reset clean checkout restore rebase stash gc prune reflog read-tree update-ref".split(" ");

/** They lose something only when they are forced to. Git takes long options cut short as well. */
const REWRITES_BY_FORCE: readonly string[] = "branch tag rm worktree switch checkout-index".split(
  " ",
);
const FORCE = /^(-[a-zA-Z]*[fDCM]|--(forc|hard|del|disc))/u;

/** What is dangerous about the arguments of Git. */
export function judgeGit(words: Words): string | null {
  if (words.some((word) => word !== null && RUNS.test(word))) {
    return "makes Git run or write what the command says";
  }
  const read = readOptions(words, OPTIONS);
  const [name, ...rest] = read.kind === "read" ? read.rest : [null];
  if (name === null) return "starts a Git command that is not known yet";
  if (name === undefined) return null;
  if (PUBLISHES.includes(name)) return "publishes to other people";
  if (CONFIGURES.includes(name)) return "changes how Git works, or runs programs through it";
  const loses = REWRITES.includes(name) ? !losesNothing(name, rest) : isForced(name, rest);
  return loses ? "can lose work that is not committed or not pushed" : null;
}

function isForced(name: string, words: Words): boolean {
  const forced = words.some((word) => word === null || FORCE.test(word));
  return forced && REWRITES_BY_FORCE.includes(name);
}

function losesNothing(name: string, rest: Words): boolean {
  if (name === "stash") return rest[0] === "list" || rest[0] === "show";
  if (name === "reset") return rest[0] === "--soft";
  if (name === "clean") return rest.some((word) => word === "-n" || word === "--dry-run");
  if (name === "checkout") return rest[0] === "-b" && rest.length === 2;
  return name === "reflog" && (rest.length === 0 || rest[0] === "show");
}
