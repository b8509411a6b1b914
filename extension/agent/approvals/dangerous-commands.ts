import type { SimpleCommand } from "./shell-line.ts";
import { programName } from "./unwrap-command.ts";

type Words = readonly (string | null)[];
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
const REWRITES = "can lose work that is not committed or not pushed";
const LATER = "starts something that runs on by itself";
const DELETES = "deletes more than named files of the project";
const INFRASTRUCTURE = "changes infrastructure outside of this machine";

const inlineProgram = (...options: string[]): Judge => {
  return (words) => (words.some((word) => hasOption(word, options)) ? INLINE : null);
};

const subcommand = (why: string, ...names: string[]): Judge => {
  return (words) => {
    const first = words.find((word) => word === null || !word.startsWith("-"));
    return first === null || (first !== undefined && names.includes(first)) ? why : null;
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
  ...sameFor(["shred", "unlink", "srm"], DELETES),
  ...sameFor(["osascript", "powershell", "pwsh", "cmd", "expect", "script"], INLINE),
  ...sameFor(["terraform", "tofu", "pulumi", "kubectl", "helm", "aws", "gcloud"], INFRASTRUCTURE),
  ...sameFor(["az", "gh", "glab", "heroku", "flyctl", "vercel"], INFRASTRUCTURE),
  rm: deletes,
  rmdir: deletes,
  chmod: recursive(MACHINE),
  chown: recursive(MACHINE),
  chgrp: recursive(MACHINE),
  find: judgeFind,
  git: judgeGit,
  curl: uploads([
    "-T",
    "-F",
    "-d",
    "--upload-file",
    "--form",
    "--data",
    "--json",
    "-K",
    "--config",
  ]),
  wget: uploads(["--post-data", "--post-file", "--body-file", "--body-data", "-i"]),
  rsync: (words) =>
    words.some((word) => word === null || /:|^--(rsh|delete|remove-source-files)/u.test(word)) ||
    words.includes("-e")
      ? NETWORK
      : null,
  sed: (words) =>
    words.some((word) => word !== null && /(^|[;}\d/])\s*[ewWr]\s|\/[a-z]*e[a-z]*$/u.test(word))
      ? INLINE
      : null,
  awk: (words) =>
    words.some((word) => word !== null && /system|getline|\||>/u.test(word)) ? INLINE : null,
  printf: (words) => (words.includes("-v") ? SHELL_STATE : null),
  tar: (words) =>
    words.some(
      (word) => word !== null && /^--(to-command|checkpoint-action|use-compress)|^-I/u.test(word),
    )
      ? INLINE
      : null,
  python: inlineProgram("-c"),
  python3: inlineProgram("-c"),
  node: inlineProgram("-e", "--eval", "-p", "--print", "-r", "--require", "--import"),
  deno: subcommand(INLINE, "eval"),
  bun: inlineProgram("-e", "--eval", "-p"),
  perl: inlineProgram("-e", "-E", "-n", "-p"),
  ruby: inlineProgram("-e"),
  php: inlineProgram("-r"),
  lua: inlineProgram("-e"),
  vim: always(INLINE),
  vi: always(INLINE),
  npm: subcommand(PUBLISHES, "publish", "unpublish", "deprecate", "owner", "access", "token"),
  pnpm: subcommand(PUBLISHES, "publish"),
  yarn: subcommand(PUBLISHES, "publish"),
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
  const known = Object.hasOwn(JUDGES, name) ? name : name.replace(/[\d.]+$/u, "");
  return Object.hasOwn(JUDGES, known) ? (JUDGES[known]?.(rest) ?? null) : null;
}

function sameFor(names: readonly string[], why: string): Record<string, Judge> {
  return Object.fromEntries(names.map((name) => [name, always(why)]));
}

function hasOption(word: string | null, options: readonly string[]): boolean {
  if (word === null) return true;
  return options.some((option) =>
    option.startsWith("--")
      ? word === option || word.startsWith(`${option}=`)
      : new RegExp(`^-[A-Za-z]*${option.slice(1)}`, "u").test(word),
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

const GIT_WITH_VALUE = new Set(["-C", "--git-dir", "--work-tree", "--namespace"]);

function judgeGit(words: Words): string | null {
  if (
    words.some(
      (word) =>
        word !== null &&
        /^(-c|--exec-path|--config-env|--upload-pack|--receive-pack|--ext-diff|--output|-O)/u.test(
          word,
        ),
    )
  ) {
    return "makes Git run or write what the command says";
  }
  let index = 0;
  while (words[index]?.startsWith("-") === true)
    index += GIT_WITH_VALUE.has(words[index] ?? "") ? 2 : 1;
  const name = words[index];
  const rest = words.slice(index + 1);
  if (name === null) return "starts a Git command that is not known yet";
  if (name === undefined) return null;
  if (["push", "send-email", "request-pull"].includes(name)) return PUBLISHES;
  if (["config", "filter-branch", "filter-repo", "submodule", "hook", "bisect"].includes(name)) {
    return "changes how Git works, or runs programs through it";
  }
  if (
    ["reset", "clean", "checkout", "restore", "rebase", "stash", "gc", "prune", "reflog"].includes(
      name,
    )
  ) {
    return losesNothing(name, rest) ? null : REWRITES;
  }
  const forced = rest.some(
    (word) => word === null || /^(-[a-z]*[fD]|--force|--hard|--delete)/u.test(word),
  );
  return ["branch", "tag", "rm", "worktree", "update-ref"].includes(name) && forced
    ? REWRITES
    : null;
}

function losesNothing(name: string, rest: Words): boolean {
  if (name === "stash") return rest[0] === "list" || rest[0] === "show";
  if (name === "reset") return rest[0] === "--soft";
  if (name === "clean") return rest.some((word) => word === "-n" || word === "--dry-run");
  if (name === "checkout") return rest[0] === "-b" && rest.length === 2;
  return name === "reflog" && (rest.length === 0 || rest[0] === "show");
}

function uploads(options: readonly string[]): Judge {
  return (words) =>
    words.some((word) => hasOption(word, options)) ? "sends data to another machine" : null;
}

function judgeContainers(words: Words): string | null {
  if (
    words.some(
      (word) =>
        word !== null &&
        /^(--privileged|-v|--volume|--mount|--pid|--net|--network|--cap-add|--device)/u.test(word),
    )
  ) {
    return "gives a container access to this machine";
  }
  return subcommand(MACHINE, "system", "rm", "rmi", "volume", "push", "login", "exec", "cp")(words);
}
