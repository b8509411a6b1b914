import type { OpenedFile, SimpleCommand, Words } from "./shell-line.ts";
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

const SECRET_NAMES: readonly string[] = (
  ".ssh .gnupg .aws .kube .docker .netrc .pgpass .git-credentials id_rsa id_dsa id_ecdsa " +
  "id_ed25519 .env"
).split(" ");

const SECRETS = new RegExp(
  `(^|/)(${SECRET_NAMES.join("|").replaceAll(".", "\\.")}|\\.env\\.[\\w.-]+)(/|$)`,
  "iu",
);

/** Whether writing there can make the editor, Git or a package manager run something later. */
export function isProtected(relativePath: string): boolean {
  const path = relativePath.replaceAll("\\", "/");
  return PROTECTED.test(path) || PROTECTED_FILES.test(path);
}

/** Whether a file usually holds keys or passwords. */
export function isSecret(path: string): boolean {
  return SECRETS.test(path.replaceAll("\\", "/"));
}

/** Whether a redirection puts anything where it stays. */
export function writesFile({ target, writes }: OpenedFile): boolean {
  return writes && (target === null || !HARMLESS_FILES.has(target));
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
export function dangerOfPlaces({ words, patterns }: SimpleCommand, root: string): string | null {
  const [first, ...rest] = words;
  const known = rest.filter((word) => word !== null).flatMap(pathsIn);
  if (known.some(namesSecret) || patterns.flatMap(pathsIn).some(matchesSecret)) {
    return "touches a file that usually holds secrets";
  }
  if (first === null || first === undefined || !TOUCHES.has(programName(first))) return null;
  if (rest.includes(null)) return "touches something whose name is not known yet";
  const places = known.filter((word) => !HARMLESS_FILES.has(word) && !/^\w+:\/\//u.test(word));
  if (goesBack(programName(first), rest) || places.some((word) => leaves(word, root))) {
    return "touches something outside of the workspace";
  }
  return places.some(isProtected) ? "touches a file that makes other programs run something" : null;
}

/** Whether a word names one. Of a pattern that the program itself reads, the beginning counts. */
function namesSecret(word: string): boolean {
  const [beginning = ""] = word.split(/[*?[]/u, 1);
  return isSecret(word) || (beginning !== word && beginsSecret(beginning));
}

/** Whether a word of which only a part is known (`*` is the rest) may come to name one. */
function matchesSecret(pattern: string): boolean {
  const beginnings = pattern.split("/").filter((part) => part.includes("*"));
  return (
    isSecret(pattern) ||
    beginnings.some((part) => {
      const [beginning = ""] = part.split("*", 1);
      const named = SECRET_NAMES.some((name) => name.startsWith(beginning.toLowerCase()));
      return beginning !== "" && (named || beginsSecret(beginning));
    })
  );
}

/** `.env.` is nothing yet, but every file whose name begins with it is a secret. */
function beginsSecret(beginning: string): boolean {
  return isSecret(beginning) || isSecret(`${beginning}x`);
}

/** `cd` without a place goes home, and with a dash to wherever it was before. */
function goesBack(name: string, words: Words): boolean {
  if (name !== "cd" && name !== "pushd") return false;
  const places = words.filter((word) => !/^-[LPe@n-]+$/u.test(word ?? ""));
  return places.length === 0 || places.some((word) => /^(-|[-+]\d+)$/u.test(word ?? ""));
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
