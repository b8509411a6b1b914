import { type ConfinedPath, confinePath, type PathSystem } from "./confine-path.ts";

/** A folder of a workspace, and the name under which people know it. */
export type NamedFolder = { readonly name: string; readonly path: string };

/**
 * Where a path leads in a workspace of several folders. There each path begins with the name of its
 * folder, as the editor shows it; one that does not is one of the first folder, in which commands run.
 * With one folder alone no path carries its name.
 */
export async function confineToFolders(
  folders: readonly [NamedFolder, ...NamedFolder[]],
  given: string,
  system: PathSystem,
): Promise<ConfinedPath> {
  const [first] = folders;
  if (folders.length === 1) return await confinePath(first.path, given, system);
  const [, name = "", rest = ""] = /^(?:\.[/\\]+)*([^/\\]+)(?:[/\\]+(.*))?$/su.exec(given) ?? [];
  const named = folders.find((folder) => folder.name === name);
  const confined =
    named === undefined
      ? await confinePath(first.path, given, system)
      : await confinePath(named.path, rest === "" ? "." : rest, system);
  if (confined.kind === "invalid") return confined;
  // It may have been absolute, or have led from one folder into another.
  for (const folder of folders) {
    const found = await confinePath(folder.path, confined.path, system);
    if (found.kind !== "inside") continue;
    const relative = found.relative === "" ? folder.name : `${folder.name}/${found.relative}`;
    return { ...found, relative };
  }
  return confined;
}
