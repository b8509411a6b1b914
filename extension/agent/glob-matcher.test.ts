import fc from "fast-check";
import picomatch from "picomatch";
import { describe, expect, it } from "vitest";
import { globMatcher } from "./glob-matcher.ts";

const paths = ["a.ts", "src/b.ts", "src/c.js", "src/deep/d.ts", ".github/ci.yml"];

function matching(glob: string, among: readonly string[]): string[] {
  const made = globMatcher(glob);
  if (made.kind === "refused") throw new Error(made.sentence);
  return among.filter(made.matches);
}

it.each([
  ["", paths],
  [".", paths],
  ["**", paths],
  ["*.ts", ["a.ts", "src/b.ts", "src/deep/d.ts"]],
  ["/src", ["src/b.ts", "src/c.js", "src/deep/d.ts"]],
  ["src/", ["src/b.ts", "src/c.js", "src/deep/d.ts"]],
  ["src/*", ["src/b.ts", "src/c.js", "src/deep/d.ts"]],
  ["src/*.ts", ["src/b.ts"]],
  ["src/**/*.ts", ["src/b.ts", "src/deep/d.ts"]],
  ["deep", ["src/deep/d.ts"]],
  ["*.{js,yml}", ["src/c.js", ".github/ci.yml"]],
  ["{src/deep,.github}/**", ["src/deep/d.ts", ".github/ci.yml"]],
  ["{*.js,{a,b}.ts,*.yml}", ["a.ts", "src/b.ts", "src/c.js", ".github/ci.yml"]],
  ["src/?.[!t]*", ["src/c.js"]],
  ["[a-c].*", ["a.ts", "src/b.ts", "src/c.js"]],
  ["none", []],
  ["src/../a.ts", []],
])("%j matches %j", (glob, expected) => {
  expect(matching(glob, paths)).toEqual(expected);
});

it.each([
  ["app/[id]/*.ts", "app/[id]/page.ts"],
  ["app/(group)/*.ts", "app/(group)/page.ts"],
  ["f{1..3}.ts", "f2.ts"],
  ["a{.ts", "a{.ts"],
  ["a{b}.ts", "a{b}.ts"],
  ["\\*.ts", "*.ts"],
  ["a[.ts", "a[.ts"],
])("takes what is no pattern for a name: %j matches %j", (glob, path) => {
  expect(matching(glob, [path])).toEqual([path]);
});

it("matches what the usual library matches", () => {
  const text = (...characters: string[]) =>
    fc
      .array(fc.constantFrom(...characters), { minLength: 1, maxLength: 6 })
      .map((all) => all.join(""));
  const glob = text("a", "b", ".", "/", "*", "**/", "?", "[ab]", "{a,b}", "{a*,b/c}");
  const names = fc.array(text("a", "b", "c", "."), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(glob, names, (given, path) => {
      // Where names are empty, lead elsewhere, or are a part of “**”, the library has rules of its own.
      fc.pre(!/^[/.]|\/\/|\/$|\*{3}|[^/]\*\*|\*\*(?!\/)|\.\./u.test(given));
      fc.pre(path.every((name) => !name.endsWith(".")));
      const wanted = given.includes("/")
        ? [given, `${given}/**`]
        : [given, `**/${given}`, `**/${given}/**`];
      const expected = wanted.some((each) =>
        picomatch.makeRe(each, { dot: true }).test(path.join("/")),
      );
      expect(matching(given, [path.join("/")]).length > 0).toBe(expected);
    }),
    { numRuns: 3_000 },
  );
});

describe("a glob that would take long", () => {
  it.each([
    ["*a*a*a*a*a*a*a*x", "a".repeat(255)],
    [`${"**/a/".repeat(20)}x`, "a/".repeat(2_000)],
    ["(a+)+x", "a".repeat(255)],
    [`${"[ab]*".repeat(40)}x`, "a".repeat(255)],
    ["{{{{{{{a*,b}*,c}*,d}*,e}*,f}*,g}*,h}x", "a".repeat(255)],
  ])("is done at once: %.40s", (glob, path) => {
    expect(
      matching(
        glob,
        Array.from({ length: 100 }, () => path),
      ),
    ).toEqual([]);
  });

  it.each([
    ["{a,b}".repeat(20), /64 globs/u],
    ["{1..9999}", /64 globs/u],
    ["a".repeat(501), /500 characters/u],
    ["src/!(*.test).ts", /groups such as/u],
    ["!*.ts", /neither !/u],
  ])("or that is not known here is refused in one sentence: %.40s", (glob, sentence) => {
    expect(globMatcher(glob)).toEqual({
      kind: "refused",
      sentence: expect.stringMatching(sentence) as unknown,
    });
  });
});
