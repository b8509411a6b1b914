import { oneLine } from "../one-line.ts";
import { GIT_CHANGES, type GitState } from "./git-state.ts";

const NAME_CHARACTERS_MAX = 120;

/** The branch, and the changed files by what happened to them, always in the same order. */
export function gitText(
  { branch, upstream, ahead, behind, files }: GitState,
  charactersMax: number,
): string {
  const tracked =
    upstream === null || ahead + behind === 0
      ? ""
      : `, ${[...(ahead > 0 ? [`${ahead} ahead of`] : []), ...(behind > 0 ? [`${behind} behind`] : [])].join(" and ")} ${name(upstream)}`;
  const first = `${branch === null ? "No branch is checked out" : `On branch ${name(branch)}`}${tracked}.`;
  const lines = GIT_CHANGES.flatMap((change) => {
    const paths = files.filter((file) => file.change === change).map(({ path }) => name(path));
    return paths.length === 0 ? [] : [{ change, paths: paths.toSorted() }];
  });
  const text = [first];
  let room = charactersMax - first.length;
  for (const { change, paths } of lines) {
    const line = listed(`${change}: `, paths, room - 1);
    if (line === null) break;
    text.push(line);
    room -= line.length + 1;
  }
  return first.length > charactersMax ? "" : text.join("\n");
}

/** As many paths as fit, at least one. */
function listed(start: string, paths: readonly string[], charactersMax: number): string | null {
  for (
    let count = paths.length;
    count > 0;
    count = Math.min(count - 1, Math.ceil(count * 0.8) - 1)
  ) {
    const more = paths.length - count;
    const end = more === 0 ? "" : ` and ${more} more`;
    const line = start + paths.slice(0, count).join(", ") + end;
    if (line.length <= charactersMax) return line;
  }
  return null;
}

function name(text: string): string {
  return oneLine(text, NAME_CHARACTERS_MAX);
}
