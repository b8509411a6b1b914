import { expect, it } from "vitest";
import { globMatcher } from "./glob-matcher.ts";

const paths = ["a.ts", "src/b.ts", "src/c.js", "src/deep/d.ts", ".github/ci.yml"];

it.each([
  ["", paths],
  [".", paths],
  ["**", paths],
  ["*.ts", ["a.ts", "src/b.ts", "src/deep/d.ts"]],
  ["/src", ["src/b.ts", "src/c.js", "src/deep/d.ts"]],
  ["src/*", ["src/b.ts", "src/c.js", "src/deep/d.ts"]],
  ["src/*.ts", ["src/b.ts"]],
  ["src/**/*.ts", ["src/b.ts", "src/deep/d.ts"]],
  ["deep", ["src/deep/d.ts"]],
  ["*.{js,yml}", ["src/c.js", ".github/ci.yml"]],
  ["none", []],
  ["src/../a.ts", []],
])("%j matches %j", (glob, matching) => {
  expect(paths.filter(globMatcher(glob))).toEqual(matching);
});
