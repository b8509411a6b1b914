import { pathForm, type PathForm, type PathSeparator } from "./path-form.ts";

/** Symbolic links that are followed on the way to one file; as many as Linux follows. */
const LINKS_MAX = 40;

/** A path in a sentence is cut there. */
const SHOWN_CHARS_MAX = 200;

/** What is asked of a file system. */
export type PathSystem = {
  readonly separator: PathSeparator;
  /**
   * The canonical path of something that exists: links resolved, and each name with the letter case
   * that it has on disk. Undefined where nothing is, or nothing that may be seen.
   */
  realpath(path: string): Promise<string | undefined>;
  /** What a symbolic link says, also one that leads nowhere; undefined for everything else. */
  readlink(path: string): Promise<string | undefined>;
};

export type ConfinedPath =
  /** `path` is canonical, so it is to be used, and not what was given; `relative` has slashes. */
  | { readonly kind: "inside"; readonly path: string; readonly relative: string }
  | { readonly kind: "outside"; readonly path: string; readonly sentence: string }
  | { readonly kind: "invalid"; readonly sentence: string };

/**
 * Where a path leads that a model has given, which may be relative to the folder, and whether that is
 * inside it. Follows every name the way the system does, so a link anywhere on the way counts, whether
 * or not the file exists yet. Two spellings of one file give the same path.
 */
export async function confinePath(
  root: string,
  given: string,
  system: PathSystem,
): Promise<ConfinedPath> {
  const shown = `“${given.slice(0, SHOWN_CHARS_MAX).replace(/\p{Cc}/gu, "�")}”`;
  const invalid = (problem: string) =>
    ({ kind: "invalid", sentence: `The path ${shown} ${problem}.` }) as const;

  const form = pathForm(given, system.separator);
  if (form.kind === "invalid") return invalid(form.problem);
  const realRoot = await system.realpath(root);
  if (realRoot === undefined) {
    return { kind: "invalid", sentence: "The folder of the workspace does not exist." };
  }
  const found = await follow(realRoot, form, system);
  if (found === undefined) return invalid(`follows more than ${LINKS_MAX} links`);
  const relative = below(realRoot, found.path, system.separator);
  if (relative !== undefined) return { kind: "inside", path: found.path, relative };
  const way =
    found.links > 0 ? "leads out of the workspace over a link" : "is outside the workspace";
  return { kind: "outside", path: found.path, sentence: `The path ${shown} ${way}.` };
}

/** Walks name by name, so that `..` behind a link means the folder that the system would take. */
async function follow(
  folder: string,
  form: Exclude<PathForm, { kind: "invalid" }>,
  system: PathSystem,
): Promise<{ path: string; links: number } | undefined> {
  let path = await startOf(folder, form, system);
  const names = [...form.names];
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    if (name === ".") continue;
    if (name === "..") {
      path = parentOf(path, system.separator);
      continue;
    }
    const next = path.endsWith(system.separator) ? path + name : path + system.separator + name;
    const target = await system.readlink(next);
    if (target === undefined) {
      path = (await system.realpath(next)) ?? next;
      continue;
    }
    if (++links > LINKS_MAX) return undefined;
    const targetForm = linkForm(target, system.separator);
    path = await startOf(path, targetForm, system);
    names.unshift(...targetForm.names);
  }
  return { path, links };
}

async function startOf(
  folder: string,
  form: Exclude<PathForm, { kind: "invalid" }>,
  system: PathSystem,
): Promise<string> {
  if (form.kind === "relative") return folder;
  const top = form.kind === "absolute" ? form.top : topOf(folder, system.separator);
  return (await system.realpath(top)) ?? top;
}

/** A link may say what no model may, such as Windows' `\\?\C:\folder`; it still has to be followed. */
function linkForm(
  target: string,
  separator: PathSeparator,
): Exclude<PathForm, { kind: "invalid" }> {
  const plain =
    separator === "/"
      ? target
      : target.replace(/^\\\\\?\\(UNC\\)?/i, (_, unc) => (unc ? "\\\\" : ""));
  const form = pathForm(plain, separator);
  if (form.kind !== "invalid") return form;
  const names = plain.split(separator).filter((name) => name !== "");
  if (separator === "/") return posixLinkForm(plain, names);
  // What it names is nothing in a folder, so a top of its own keeps it outside of every one.
  return { kind: "absolute", top: `${plain}\\`, names: [] };
}

function posixLinkForm(target: string, names: string[]): Exclude<PathForm, { kind: "invalid" }> {
  return target.startsWith("/")
    ? { kind: "absolute", top: "/", names }
    : { kind: "relative", names };
}

/** The part of a path below a folder, with slashes: empty for the folder, undefined outside it. */
function below(folder: string, path: string, separator: PathSeparator): string | undefined {
  if (path === folder) return "";
  const prefix = folder.endsWith(separator) ? folder : folder + separator;
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll(separator, "/") : undefined;
}

function parentOf(path: string, separator: PathSeparator): string {
  const top = topOf(path, separator);
  const end = path.lastIndexOf(separator);
  return end < top.length ? top : path.slice(0, end);
}

function topOf(path: string, separator: PathSeparator): string {
  if (separator === "/") return "/";
  return /^([a-z]:\\|\\\\[^\\]+\\[^\\]+\\?)/i.exec(path)?.[0] ?? path;
}
