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
  const patterns = plain.includes("/")
    ? [plain, `${plain}/**`]
    : [plain, `**/${plain}`, `**/${plain}/**`];
  // The expressions themselves: what a matcher does beside them for each path takes most of its time.
  const expressions = patterns.map((pattern) => picomatch.makeRe(pattern, { dot: true }));
  return (path) => path === plain || expressions.some((expression) => expression.test(path));
}
