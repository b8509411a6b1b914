/** A file that an editor shows: where it is, and the path by which it was opened. */
export type ShownFile = { readonly path: string | null; readonly openedAs: string };

type Names = {
  /** The path of a file below the folder that is open, which may have been opened over a link. */
  readonly nameOf: (path: string) => string;
  readonly shown: readonly ShownFile[];
};

/**
 * The paths under which menus know files to review. A menu compares the path by which its file was
 * opened, letter by letter, and there may be several to one file.
 */
export function menuPaths(pending: readonly string[], { nameOf, shown }: Names): readonly string[] {
  const isPending = new Set(pending);
  const opened = shown
    .filter(({ path }) => path !== null && isPending.has(path))
    .map(({ openedAs }) => openedAs);
  return [...new Set([...pending.map((path) => nameOf(path)), ...opened])];
}
