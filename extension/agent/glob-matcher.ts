import picomatch from "picomatch";

/**
 * Tells whether a relative path matches. A glob without a slash is about names in any folder, and
 * the name of a folder stands for what is in it, as models tend to write it.
 */
export function globMatcher(glob: string): (path: string) => boolean {
  const plain = glob
    .trim()
    .replace(/^\.?\/+/u, "")
    .replace(/\/+$/u, "");
  if (plain === "" || plain === "." || plain === "**") return () => true;
  const options = { dot: true };
  const patterns = plain.includes("/")
    ? [plain, `${plain}/**`]
    : [plain, `**/${plain}`, `**/${plain}/**`];
  return picomatch(patterns, options);
}
