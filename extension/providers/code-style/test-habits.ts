import { type Lookup, looseJson } from "./loose-settings.ts";
import { winner } from "./sample-style.ts";

/** Which files name a test framework, and how. */
const FRAMEWORKS: readonly {
  readonly name: string;
  readonly path: string;
  readonly is: (text: string) => boolean;
}[] = [
  ...["vitest", "jest", "mocha", "ava", "jasmine", "@playwright/test"].map((name) => ({
    name: name === "@playwright/test" ? "Playwright" : name,
    path: "package.json",
    is: (text: string) => isDependency(looseJson(text), name),
  })),
  {
    name: "node:test",
    path: "package.json",
    is: (text) => /\bnode (--\S+ )*--test\b/u.test(String(looseJson(text)("scripts", "test"))),
  },
  { name: "pytest", path: "pyproject.toml", is: (text) => /\bpytest\b/u.test(text) },
  { name: "pytest", path: "pytest.ini", is: () => true },
  { name: "pytest", path: "setup.cfg", is: (text) => /\bpytest\b/u.test(text) },
  { name: "pytest", path: "requirements.txt", is: (text) => /^pytest\b/mu.test(text) },
  { name: "cargo test", path: "Cargo.toml", is: () => true },
  { name: "go test", path: "go.mod", is: () => true },
  { name: "JUnit", path: "pom.xml", is: (text) => /\bjunit\b/u.test(text) },
  { name: "JUnit", path: "build.gradle", is: (text) => /\bjunit\b/iu.test(text) },
  { name: "RSpec", path: "Gemfile", is: (text) => /\brspec/u.test(text) },
];

export const TEST_SETTING_PATHS: readonly string[] = [
  ...new Set(FRAMEWORKS.map(({ path }) => path)),
];

const PATTERNS: readonly { readonly pattern: string; readonly is: RegExp }[] = [
  { pattern: "*.test.*", is: /\.test\.\w+$/u },
  { pattern: "*.spec.*", is: /\.spec\.\w+$/u },
  { pattern: "test_*.py", is: /(^|\/)test_[^/]+\.py$/u },
  { pattern: "*_test.go", is: /_test\.go$/u },
  { pattern: "*_test.py", is: /_test\.py$/u },
  { pattern: "*_spec.rb", is: /_spec\.rb$/u },
  { pattern: "*Test.java", is: /Test\.java$/u },
];

const PATHS_MAX = 400;

/** The first framework that is found, by name; `null` if there is none that is known. */
export function testFramework(texts: ReadonlyMap<string, string>): string | null {
  const found = FRAMEWORKS.find(({ path, is }) => {
    const text = texts.get(path);
    return text !== undefined && is(text);
  });
  return found?.name ?? null;
}

/** How most files with tests are named. */
export function testFileNames(paths: readonly string[]): string | null {
  const votes = paths.flatMap((path) => PATTERNS.find(({ is }) => is.test(path))?.pattern ?? []);
  return winner(votes.slice(0, PATHS_MAX));
}

function isDependency(at: Lookup, name: string): boolean {
  return ["devDependencies", "dependencies"].some((kind) => typeof at(kind, name) === "string");
}
