import { judgeGit } from "./dangerous-git.ts";
import { sedRuns } from "./sed-script.ts";
import type { SimpleCommand, Words } from "./shell-line.ts";
import { programName } from "./unwrap-command.ts";

/** Says what is dangerous about the arguments of a program, or that nothing is. */
type Judge = (words: Words) => string | null;

const always =
  (why: string): Judge =>
  () =>
    why;

const RIGHTS = "acts with the rights of another user";
const MACHINE = "changes the machine and not only the project";
const NETWORK = "opens a connection to another machine";
const PROCESSES = "ends processes";
const SHELL_STATE = "changes how the shell reads what follows";
const INLINE = "runs a program that is written into the command";
const PUBLISHES = "publishes to other people";
const LATER = "starts something that runs on by itself";
const DELETES = "deletes more than named files of the project";
const INFRASTRUCTURE = "changes infrastructure outside of this machine";

const inlineProgram = (...options: string[]): Judge => {
  return (words) => (words.some((word) => hasOption(word, options)) ? INLINE : null);
};

const first = (...judges: Judge[]): Judge => {
  return (words) => judges.map((judge) => judge(words)).find((why) => why !== null) ?? null;
};

/** Looks at all words: nobody knows which of those behind an option are its value. */
const subcommand = (why: string, ...names: string[]): Judge => {
  return (words) => {
    if (words.some((word) => word !== null && names.includes(word))) return why;
    // A word that follows no option is the subcommand for sure.
    const sure = words.findIndex((word, index) => !isOption(word) && !isOption(words[index - 1]));
    return words.slice(0, sure < 0 ? words.length : sure + 1).includes(null) ? why : null;
  };
};

/** Programs by name. What is not listed is dangerous only by where it writes, or by its form. */
const JUDGES: Readonly<Record<string, Judge>> = {
  ...sameFor(["sudo", "su", "doas", "pkexec", "runas", "chroot", "unshare", "nsenter"], RIGHTS),
  ...sameFor(["dd", "fdisk", "parted", "sfdisk", "wipefs", "mkswap", "mount", "umount"], MACHINE),
  ...sameFor(["shutdown", "reboot", "halt", "poweroff", "init", "systemctl", "service"], MACHINE),
  ...sameFor(["launchctl", "chattr", "setfacl", "sysctl", "iptables", "nft", "useradd"], MACHINE),
  ...sameFor(["usermod", "userdel", "passwd", "visudo", "modprobe", "insmod", "mkfs"], MACHINE),
  ...sameFor(["crontab", "at", "batch", "systemd-run", "nohup", "setsid", "disown"], LATER),
  ...sameFor(["screen", "tmux"], LATER),
  ...sameFor(["kill", "pkill", "killall", "skill"], PROCESSES),
  ...sameFor(["ssh", "scp", "sftp", "ftp", "telnet", "nc", "ncat", "netcat", "socat"], NETWORK),
  ...sameFor(["eval", "source", ".", "exec", "alias", "unalias", "trap", "set"], SHELL_STATE),
  ...sameFor(["shopt", "enable", "hash", "declare", "typeset", "local", "export"], SHELL_STATE),
  ...sameFor(["readonly", "unset", "read", "mapfile", "readarray", "let"], SHELL_STATE),
  ...sameFor(["shred", "unlink", "srm", "rimraf", "del-cli"], DELETES),
  ...sameFor(["powershell", "pwsh", "cmd", "expect", "script"], INLINE),
  ...sameFor(["watch", "parallel", "entr", "gdb", "lldb", "ed", "ex"], INLINE),
  ...sameFor(["terraform", "tofu", "pulumi", "kubectl", "helm", "aws", "gcloud"], INFRASTRUCTURE),
  ...sameFor(["az", "gh", "glab", "heroku", "flyctl", "vercel"], INFRASTRUCTURE),
  rm: deletes,
  rmdir: deletes,
  chmod: recursive(MACHINE),
  chown: recursive(MACHINE),
  chgrp: recursive(MACHINE),
  find: judgeFind,
  git: judgeGit,
  curl: uploads("T F d K", "upload-file form data json url-query config"),
  wget: uploads("i e", "post body input-file execute use-askpass config"),
  rsync: (words) =>
    words.some((word) => word === null || /:|^--(rsh|delete|remove-source-files)/u.test(word)) ||
    words.includes("-e")
      ? NETWORK
      : null,
  sed: (words) => (sedRuns(words) ? INLINE : null),
  awk: judgeAwk,
  gawk: judgeAwk,
  mawk: judgeAwk,
  nawk: judgeAwk,
  printf: (words) => (words.includes("-v") ? SHELL_STATE : null),
  tar: (words) =>
    words.some(
      (word) => word !== null && /^--(to-command|checkpoint-action|use-compress)|^-I/u.test(word),
    )
      ? INLINE
      : null,
  python: inlineProgram("-c"),
  python3: inlineProgram("-c"),
  node: judgeNode,
  nodejs: judgeNode,
  deno: subcommand(INLINE, "eval"),
  bun: inlineProgram("-e", "--eval", "-p"),
  perl: inlineProgram("-e", "-E", "-n", "-p"),
  ruby: inlineProgram("-e"),
  php: inlineProgram("-r", "-R", "-B", "-E"),
  lua: inlineProgram("-e"),
  rscript: inlineProgram("-e"),
  julia: inlineProgram("-e", "-E"),
  groovy: inlineProgram("-e"),
  osascript: always(INLINE),
  vim: always(INLINE),
  vi: always(INLINE),
  npm: first(
    subcommand(PUBLISHES, "publish", "unpublish", "deprecate", "owner", "access", "token"),
    subcommand(INLINE, "exec", "x"),
  ),
  pnpm: first(subcommand(PUBLISHES, "publish"), subcommand(INLINE, "exec", "dlx")),
  yarn: first(subcommand(PUBLISHES, "publish"), subcommand(INLINE, "exec", "dlx")),
  bunx: always(INLINE),
  cargo: subcommand(PUBLISHES, "publish", "yank", "owner", "login"),
  gem: subcommand(PUBLISHES, "push", "yank"),
  twine: subcommand(PUBLISHES, "upload"),
  docker: judgeContainers,
  podman: judgeContainers,
};

/** One clause that completes “It …”, or `null` when the command does nothing that is listed. */
export function dangerOf({ words }: SimpleCommand): string | null {
  const [first, ...rest] = words;
  if (first === null || first === undefined) return "starts a program whose name is not known yet";
  const name = programName(first);
  if (name.startsWith("mkfs")) return MACHINE;
  // Versions, as in `python3.12`, and in `npx rimraf@5`.
  const known = Object.hasOwn(JUDGES, name) ? name : name.replace(/@[^@]*$|[\d.]+$/u, "");
  return Object.hasOwn(JUDGES, known) ? (JUDGES[known]?.(rest) ?? null) : null;
}

function sameFor(names: readonly string[], why: string): Record<string, Judge> {
  return Object.fromEntries(names.map((name) => [name, always(why)]));
}

/** `cargo` chooses its toolchain with a word like `+nightly`. */
function isOption(word: string | null | undefined): boolean {
  return word !== null && word !== undefined && /^[-+]/u.test(word);
}

function hasOption(word: string | null, options: readonly string[]): boolean {
  if (word === null) return true;
  return options.some((option) =>
    option.startsWith("--")
      ? word === option || word.startsWith(`${option}=`)
      : new RegExp(`^-[\\w#:.]*${option.slice(1)}`, "u").test(word),
  );
}

function isRecursive(word: string | null): boolean {
  return word === null || /^(-[a-z]*r|--recursive)/iu.test(word);
}

function recursive(why: string): Judge {
  return (words) => (words.some(isRecursive) ? why : null);
}

/** Deleting single files by name is an edit; whole trees, patterns and unknown names are not. */
function deletes(words: Words): string | null {
  return words.some((word) => isRecursive(word) || word === "-p" || /[*?[]/u.test(word ?? "*"))
    ? DELETES
    : null;
}

function judgeFind(words: Words): string | null {
  if (words.includes("-delete")) return DELETES;
  const runs = words.some((word) => word === null || /^-(exec|ok|fprint|fls)/u.test(word));
  return runs ? "runs or writes something for every file it finds" : null;
}

function judgeAwk(words: Words): string | null {
  return words.some((word) => word !== null && /system|getline|\||>/u.test(word)) ? INLINE : null;
}

function judgeNode(words: Words): string | null {
  return inlineProgram("-e", "--eval", "-p", "--print", "-r", "--require", "--import")(words);
}

/** Long options may be cut short, and others of the same kind begin like them. */
function uploads(letters: string, names: string): Judge {
  const short = letters.split(" ").map((letter) => `-${letter}`);
  const long = names.split(" ").map((name) => `--${name}`);
  const uploadsWith = (word: string | null): boolean => {
    if (hasOption(word, short)) return true;
    const [name = ""] = (word ?? "").split("=", 1);
    return (
      /^--./u.test(name) && long.some((each) => name.startsWith(each) || each.startsWith(name))
    );
  };
  return (words) => (words.some(uploadsWith) ? "sends data to another machine" : null);
}

const CONTAINER_ACCESS =
  /^(-[A-Za-z]*v|--(privileged|volume|mount|pid|net|ipc|userns|uts|cap-add|security-opt|device))/u;

function judgeContainers(words: Words): string | null {
  if (words.some((word) => word !== null && CONTAINER_ACCESS.test(word))) {
    return "gives a container access to this machine";
  }
  return subcommand(MACHINE, "system", "rm", "rmi", "volume", "push", "login", "exec", "cp")(words);
}
