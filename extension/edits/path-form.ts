/** The rules that paths follow, by what stands between two names: as on Linux and macOS, or Windows. */
export type PathSeparator = "/" | "\\";

export type PathForm =
  | { readonly kind: "relative"; readonly names: readonly string[] }
  /** `top` is where the names begin: `/`, `C:\` or `\\server\share\`. */
  | { readonly kind: "absolute"; readonly top: string; readonly names: readonly string[] }
  /** Windows' `\name`: from the top of the drive at hand. */
  | { readonly kind: "rooted"; readonly names: readonly string[] }
  | { readonly kind: "invalid"; readonly problem: string };

const PATH_CHARS_MAX = 4_096;
const NAME_CHARS_MAX = 255;

const DEVICE_NAME = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])(\.|$)/i;

/** Takes a path apart without looking at any file; `.` and `..` stay among the names. */
export function pathForm(path: string, separator: PathSeparator): PathForm {
  const problem = generalProblem(path);
  if (problem !== undefined) return { kind: "invalid", problem };
  const form = separator === "/" ? posixForm(path) : windowsForm(path.replaceAll("/", "\\"));
  if (form.kind === "invalid") return form;
  for (const name of form.names) {
    const problem = separator === "/" ? nameProblem(name) : windowsNameProblem(name);
    if (problem !== undefined) return { kind: "invalid", problem };
  }
  return form;
}

function generalProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.includes("\0")) return "holds a NUL character";
  if (path.length > PATH_CHARS_MAX) return `is longer than ${PATH_CHARS_MAX} characters`;
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path)) return "is a URI and not a path";
  if (/^~([/\\]|$)/.test(path)) return "begins with “~”, which stands for nothing here";
  return undefined;
}

function posixForm(path: string): PathForm {
  if (/^([a-z]:[/\\]|\\\\)/i.test(path)) {
    return { kind: "invalid", problem: "is a Windows path, and this is another system" };
  }
  const names = namesIn(path, "/");
  return path.startsWith("/") ? { kind: "absolute", top: "/", names } : { kind: "relative", names };
}

function windowsForm(path: string): PathForm {
  if (/^\\\\[?.]\\/.test(path)) return { kind: "invalid", problem: "names a device" };
  const share = /^\\\\([^\\]+)\\([^\\]+)/.exec(path);
  if (share !== null) {
    const top = `\\\\${share[1]}\\${share[2]}\\`;
    return { kind: "absolute", top, names: namesIn(path.slice(share[0].length), "\\") };
  }
  if (path.startsWith("\\\\")) return { kind: "invalid", problem: "names a server but no share" };
  if (path.startsWith("\\")) return { kind: "rooted", names: namesIn(path, "\\") };
  const drive = /^([a-z]):(\\?)/i.exec(path);
  if (drive === null) return { kind: "relative", names: namesIn(path, "\\") };
  if (drive[2] === "") {
    return { kind: "invalid", problem: "names a drive but no folder on it" };
  }
  const top = `${drive[1]!.toUpperCase()}:\\`;
  return { kind: "absolute", top, names: namesIn(path.slice(drive[0].length), "\\") };
}

function nameProblem(name: string): string | undefined {
  return name.length > NAME_CHARS_MAX
    ? `holds a name longer than ${NAME_CHARS_MAX} characters`
    : undefined;
}

function windowsNameProblem(name: string): string | undefined {
  if (name === "." || name === "..") return undefined;
  // A colon would address a hidden stream of a file; the others are wildcards and pipes.
  const forbidden = /[<>:"|?*]/.exec(name);
  if (forbidden !== null) return `holds “${forbidden[0]}”, which no file name may`;
  // Windows drops them, so the file that is opened would be another one.
  if (/[. ]$/.test(name)) return "holds a name that ends in a dot or a space";
  if (DEVICE_NAME.test(name)) return `holds “${name}”, which is a device`;
  return nameProblem(name);
}

function namesIn(path: string, separator: PathSeparator): string[] {
  return path.split(separator).filter((name) => name !== "");
}
