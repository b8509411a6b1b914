import type { OpenedFile, SimpleCommand } from "./shell-line.ts";
import { programName } from "./unwrap-command.ts";

/** Programs whose arguments name what they write, replace or enter. */
const TOUCHES: ReadonlySet<string> = new Set(
  (
    "cp mv ln install tee touch mkdir truncate patch rm rmdir tar unzip gunzip rsync chmod chown " +
    "cd pushd sed split dd git make npm curl wget unlink mkfifo 7z zip"
  ).split(" "),
);

const HARMLESS_FILES: ReadonlySet<string> = new Set(["/dev/null", "/dev/stdout", "/dev/stderr"]);

/** Folders of the workspace whose files make other programs run something. */
const PROTECTED = /(^|\/)(\.git|\.vscode|\.husky|\.idea|\.devcontainer|\.cursor)(\/|$)/iu;
const PROTECTED_FILES = /(^|\/)(\.envrc|\.npmrc|\.yarnrc(\.yml)?|[^/]+\.code-workspace)$/iu;

const SECRETS =
  /(^|\/)(\.ssh|\.gnupg|\.aws|\.kube|\.docker|\.netrc|\.pgpass|\.git-credentials|id_(rsa|dsa|ecdsa|ed25519)|\.env(\.[\w.-]+)?)(\/|$)/iu;

/** Whether writing there can make the editor, Git or a package manager run something later. */
export function isProtected(relativePath: string): boolean {
  const path = relativePath.replaceAll("\\", "/");
  return PROTECTED.test(path) || PROTECTED_FILES.test(path);
}

/** Whether a file usually holds keys or passwords. */
export function isSecret(path: string): boolean {
  return SECRETS.test(path.replaceAll("\\", "/"));
}

/** What is dangerous about a redirection, as a clause that completes “It …”. */
export function dangerOfFile({ target, writes }: OpenedFile, root: string): string | null {
  if (target === null) return "opens a file whose name is not known yet";
  if (HARMLESS_FILES.has(target)) return null;
  if (/^\/dev\/(tcp|udp)\//u.test(target)) return "opens a connection to another machine";
  if (isSecret(target)) return "touches a file that usually holds secrets";
  if (!writes) return null;
  if (leaves(target, root)) return "writes outside of the workspace";
  return isProtected(target) ? "writes a file that makes other programs run something" : null;
}

/** What is dangerous about the places that a command names. */
export function dangerOfPlaces({ words }: SimpleCommand, root: string): string | null {
  const [first, ...rest] = words;
  const known = rest.filter((word) => word !== null).flatMap(pathsIn);
  if (known.some((word) => isSecret(word))) return "touches a file that usually holds secrets";
  if (first === null || first === undefined || !TOUCHES.has(programName(first))) return null;
  if (rest.includes(null)) return "touches something whose name is not known yet";
  const places = known.filter((word) => !HARMLESS_FILES.has(word) && !/^\w+:\/\//u.test(word));
  if (places.some((word) => leaves(word, root)))
    return "touches something outside of the workspace";
  return places.some(isProtected) ? "touches a file that makes other programs run something" : null;
}

/** The word itself, and what follows the equals sign of `--option=path` and `of=path`. */
function pathsIn(word: string): string[] {
  const [, value] = /^[\w-]+=(.+)$/su.exec(word) ?? [];
  const [, attached] = /^-[A-Za-z]([/~.].*)$/su.exec(word) ?? [];
  return [
    word,
    ...(value === undefined ? [] : [value]),
    ...(attached === undefined ? [] : [attached]),
  ];
}

/** Goes by the text alone: symbolic links are looked at where files are really opened. */
function leaves(path: string, root: string): boolean {
  if (path.startsWith("~") || /^[A-Za-z]:/u.test(path)) return true;
  if (path.startsWith("/")) {
    const inside = root.endsWith("/") ? root : `${root}/`;
    return (path !== root && !path.startsWith(inside)) || climbs(path.slice(inside.length));
  }
  return climbs(path);
}

/** Whether `..` leads above where the path starts. */
function climbs(path: string): boolean {
  let depth = 0;
  for (const part of path.split(/[/\\]/u)) {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    if (depth < 0) return true;
  }
  return false;
}
