import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Part of an installed package that the merges are learnt from. */
export interface CorpusSource {
  readonly packageName: string;
  readonly folder: string;
  readonly fileNames: RegExp;
  readonly bytesMaximum: number;
  /** How often each piece counts. Prose counts more than code, of which there is far more. */
  readonly weight: number;
}

/** What was read from one package, for the header of the merges file. */
export interface CorpusPackage {
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

export interface CorpusText {
  readonly packageName: string;
  readonly text: string;
  readonly weight: number;
}

const megabyte = 1_000_000;

function code(packageName: string, folder: string, fileNames: RegExp, megabytes: number) {
  return { packageName, folder, fileNames, bytesMaximum: megabytes * megabyte, weight: 1 };
}

function prose(packageName: string) {
  const fileNames = /^(readme|changelog|history|contributing)\.md$/i;
  return { packageName, folder: "", fileNames, bytesMaximum: 0.06 * megabyte, weight: 4 };
}

const declarations = /\.d\.ts$/;
const scripts = /\.(js|mjs|cjs|ts)$/;

const codeSources: readonly CorpusSource[] = [
  code(
    "@typescript/typescript-linux-x64",
    "lib",
    /^lib\.(es|decorators|scripthost).*\.d\.ts$/,
    0.8,
  ),
  code("@typescript/typescript-linux-x64", "lib", /^lib\.dom\.d\.ts$/, 0.6),
  code("@types/node", "", declarations, 1.6),
  code("@types/vscode", "", declarations, 0.8),
  code("vscode-languageclient", "lib", scripts, 0.6),
  code("vscode-languageserver", "lib", scripts, 0.3),
  code("vscode-languageserver-protocol", "lib", scripts, 0.4),
  code("node-llama-cpp", "dist", /\.js$/, 1),
  code("node-llama-cpp", "dist", declarations, 0.4),
  code("node-llama-cpp", "llama", /\.(cpp|h|md)$/, 0.3),
  code("zod", "src", /\.ts$/, 0.9),
  code("vitest", "dist", scripts, 0.7),
  code("vite", "dist", declarations, 0.3),
  code("fast-check", "lib", /fast-check\.d\.ts$/, 0.3),
  code("yaml", "dist", /\.js$/, 0.2),
  code("commander", "lib", scripts, 0.2),
  code("yargs", "", scripts, 0.1),
];

const prosePackageNames: readonly string[] = [
  "@azure/core-client",
  "@azure/core-rest-pipeline",
  "@azure/identity",
  "@azure/msal-node",
  "@huggingface/jinja",
  "@vscode/vsce",
  "acorn",
  "cockatiel",
  "commander",
  "debug",
  "dependency-cruiser",
  "enhanced-resolve",
  "expect-type",
  "fast-check",
  "formatly",
  "get-intrinsic",
  "ignore",
  "is-core-module",
  "jsonwebtoken",
  "lifecycle-utils",
  "lowdb",
  "magic-string",
  "marked",
  "minimist",
  "node-llama-cpp",
  "object-inspect",
  "oxc-resolver",
  "picomatch",
  "postcss",
  "prompts",
  "proper-lockfile",
  "qs",
  "readable-stream",
  "regexp-tree",
  "semver",
  "simple-git",
  "smol-toml",
  "source-map-js",
  "tapable",
  "tinybench",
  "typescript",
  "typed-rest-client",
  "underscore",
  "vite",
  "vitest",
  "vscode-languageserver-protocol",
  "xml2js",
  "xmlbuilder",
  "yaml",
  "yargs",
  "yauzl",
  "zod",
];

export const corpusSources: readonly CorpusSource[] = [
  ...codeSources,
  ...prosePackageNames.map(prose),
];

// Minified and generated files would teach the tokenizer spellings that nobody writes.
const lineLengthMaximum = 240;
const nestedFolderPattern = /(^|\/)(node_modules|test|tests|locales|benchmarks)\//;

function isHandwritten(text: string): boolean {
  return text.length / (text.split("\n").length || 1) < lineLengthMaximum / 3;
}

/** Reads the text of one source, file by file in name order, up to its limit. */
export function readSource(modulesFolder: string, source: CorpusSource): CorpusText[] {
  const root = join(modulesFolder, source.packageName, source.folder);
  const names = readdirSync(root, { recursive: source.folder !== "", encoding: "utf8" })
    .map((name) => name.replaceAll("\\", "/"))
    .filter((name) => !nestedFolderPattern.test(name))
    .filter((name) => source.fileNames.test(name.slice(name.lastIndexOf("/") + 1)))
    .sort();
  const texts: CorpusText[] = [];
  let bytesLeft = source.bytesMaximum;
  for (const name of names) {
    if (bytesLeft <= 0) break;
    const text = readFileSync(join(root, name), "utf8").slice(0, bytesLeft);
    if (!isHandwritten(text)) continue;
    bytesLeft -= text.length;
    texts.push({ packageName: source.packageName, text, weight: source.weight });
  }
  return texts;
}

const allowedLicenses = new Set(["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause"]);

/** Reads a package's version and licence, and refuses a licence that is not permissive. */
export function readPackage(modulesFolder: string, name: string): CorpusPackage {
  const manifestPath = join(modulesFolder, name, "package.json");
  const manifest: unknown = JSON.parse(readFileSync(manifestPath, "utf8"));
  const { version, license } = manifest as { version: string; license: string };
  if (!allowedLicenses.has(license)) {
    throw new Error(`The package ${name} has the licence ${license}, which is not permissive.`);
  }
  return { name, version, license };
}
