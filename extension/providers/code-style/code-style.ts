import type { Search } from "../../agent/ports/search.ts";
import type { Workspace } from "../../agent/ports/workspace.ts";
import { languageOf } from "../../agent/dialect/language-of.ts";
import { fittingLines } from "../context-tokens.ts";
import { readText } from "../read-text.ts";
import { parseEditorConfig } from "./editor-config.ts";
import { FORMATTERS } from "./formatters.ts";
import { caseOf, type NameCase, type SampledStyle, sampleStyle, winner } from "./sample-style.ts";
import type { StyleSettings } from "./style-settings.ts";
import { TEST_SETTING_PATHS, testFileNames, testFramework } from "./test-habits.ts";

const EDITOR_CONFIG = ".editorconfig";
const SETTING_PATHS: readonly string[] = [
  ...new Set([EDITOR_CONFIG, ...TEST_SETTING_PATHS, ...FORMATTERS.map(({ path }) => path)]),
];
/** Files that are listed to find out what there is; a larger workspace is judged by these. */
const PATHS_MAX = 20_000;
const SAMPLE_FILES_MAX = 12;
const FILE_NAMES_MAX = 2_000;

/** Ends of names of files with code, whose language is worth knowing. */
const CODE =
  /\.(c|cc|cpp|cs|dart|go|h|hpp|java|jsx?|kt|lua|[cm][jt]s|php|py|rb|rs|scala|svelte|swift|tsx?|vue|zig)$/iu;
const GENERATED =
  /(^|\/)(node_modules|vendor|dist|build|out|third_party|generated)\/|\.min\.|\.d\.ts$/iu;

export type CodeStylePorts = {
  readonly workspace: Workspace;
  readonly search: Pick<Search, "files">;
  /** What the paths begin with in a window of several folders; none in others. */
  readonly folderNames?: readonly string[];
};

/**
 * A few lines about how code is written here, from settings of formatters and a sample. They hold only words
 * of ours, and the same workspace always gives the same ones: they stand in the front of every prompt. Of
 * several folders, the settings are those of the one with most of the code.
 */
export async function readCodeStyle(
  { workspace, search, folderNames = [] }: CodeStylePorts,
  options: { readonly charactersMax: number; readonly signal: AbortSignal },
): Promise<string> {
  const listed = await search.files("", { max: PATHS_MAX, signal: options.signal });
  if ("kind" in listed) throw new Error(listed.sentence);
  const code = listed.paths.filter((path) => CODE.test(path) && !GENERATED.test(path));
  const language = mainLanguage(code);
  if (language === null) return "";
  const own = code.filter((path) => languageOf(path) === language);
  const sample = inStableOrder(own).slice(0, SAMPLE_FILES_MAX);
  const folder = folderOfMost(own, folderNames);
  const present = new Set(listed.paths);
  const settingPaths = SETTING_PATHS.filter((path) => present.has(folder + path));
  const read = async (path: string, start = ""): Promise<readonly [string, string][]> => {
    const text = await readText(workspace, start + path);
    return text === null ? [] : [[path, text]];
  };
  const texts = new Map(
    (await Promise.all(settingPaths.map(async (path) => await read(path, folder)))).flat(),
  );
  const sampled = (await Promise.all(sample.map(async (path) => await read(path))))
    .flat()
    .map(([, text]) => text);
  const first = own.find((path) => path.startsWith(folder)) ?? "";
  const lines = styleLines({
    language,
    settings: settingsFor(texts, first.slice(folder.length), language),
    sampled: sampleStyle(sampled, language),
    fileNames: winner(own.slice(0, FILE_NAMES_MAX).flatMap((path) => caseOf(stemOf(path)) ?? [])),
    framework: testFramework(texts),
    testNames: testFileNames(code),
  });
  return fittingLines(lines, options.charactersMax).join("\n");
}

function settingsFor(
  texts: ReadonlyMap<string, string>,
  path: string,
  language: string,
): StyleSettings {
  const editor = parseEditorConfig(texts.get(EDITOR_CONFIG) ?? "", path);
  return FORMATTERS.filter(({ languages }) => languages.has(language)).reduce(
    (settings, formatter) => ({ ...settings, ...formatter.parse(texts.get(formatter.path) ?? "") }),
    editor,
  );
}

/** That of most files with code; the first by name of several. */
function mainLanguage(paths: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const path of paths) counts.set(languageOf(path), (counts.get(languageOf(path)) ?? 0) + 1);
  const sorted = [...counts].toSorted(
    ([a, first], [b, second]) => second - first || (a < b ? -1 : 1),
  );
  return sorted[0]?.[0] ?? null;
}

/** What the paths of the folder with the most of them begin with; the first of several. */
function folderOfMost(paths: readonly string[], names: readonly string[]): string {
  const counted = names.map((name) => {
    const start = `${name}/`;
    return { start, count: paths.filter((path) => path.startsWith(start)).length };
  });
  return counted.toSorted((a, b) => b.count - a.count)[0]?.start ?? "";
}

/** By a hash of the path: a file that comes or goes changes at most one of the sample. */
function inStableOrder(paths: readonly string[]): string[] {
  return paths
    .map((path) => ({ path, hash: hashOf(path) }))
    .toSorted((a, b) => a.hash - b.hash || (a.path < b.path ? -1 : 1))
    .map(({ path }) => path);
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.split(".").find((part) => part !== "") ?? "";
}

type Facts = {
  readonly language: string;
  readonly settings: StyleSettings;
  readonly sampled: SampledStyle;
  readonly fileNames: NameCase | null;
  readonly framework: string | null;
  readonly testNames: string | null;
};

/** What settings say goes before what the sample shows. */
function styleLines({
  language,
  settings,
  sampled,
  fileNames,
  framework,
  testNames,
}: Facts): string[] {
  const { indent, quotes, semicolons, functionNames, lineCharactersMax, trailingCommas, lineEnds } =
    {
      ...sampled,
      ...settings,
    };
  const layout = [
    ...(indent === undefined
      ? []
      : [indent === "tabs" ? "indent with tabs" : `indent with ${indent} spaces`]),
    ...(lineCharactersMax === undefined ? [] : [`lines of up to ${lineCharactersMax} characters`]),
    ...(quotes === undefined ? [] : [`${quotes} quotes`]),
    ...(semicolons === undefined ? [] : [semicolons ? "semicolons" : "no semicolons"]),
    ...(trailingCommas === undefined
      ? []
      : [trailingCommas ? "trailing commas" : "no trailing commas"]),
    ...(lineEnds === "crlf" ? ["lines end in CRLF"] : []),
  ];
  const names = [
    ...(functionNames === undefined ? [] : [`functions in ${functionNames}`]),
    ...(fileNames === null ? [] : [`files in ${fileNames}`]),
  ];
  const tests = [
    ...(framework === null ? [] : [`with ${framework}`]),
    ...(testNames === null ? [] : [`in files like ${testNames}`]),
  ];
  return [
    ...(layout.length === 0 ? [] : [`Layout of ${language}: ${layout.join("; ")}.`]),
    ...(names.length === 0 ? [] : [`Names: ${names.join("; ")}.`]),
    ...(tests.length === 0 ? [] : [`Tests: ${tests.join(", ")}.`]),
  ];
}
