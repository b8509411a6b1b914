export type QueryNames = {
  /** What looks like a name in code. */
  readonly names: readonly string[];
  /** What looks like the path of a file. */
  readonly paths: readonly string[];
  /** Other words, in small letters: they decide among places that a name was found at. */
  readonly words: readonly string[];
};

/** People paste whole logs into a question. */
const QUERY_CHARACTERS_MAX = 8_000;
const NAMES_MAX = 8;
const PATHS_MAX = 4;
const WORDS_MAX = 12;
const NAME_CHARACTERS_MIN = 3;
const NAME_CHARACTERS_MAX = 64;
const WORD_CHARACTERS_MIN = 4;

const PATH = /(?<![\w/.:@-])(?:[\w@.-]+\/)*[\w@-][\w@.-]*\.[A-Za-z]\w{0,7}(?![\w/(])/gu;
/** Ends of names that are files; `a.b` is rather a property. */
const FILE_END =
  /\.(c|cc|cpp|cs|css|dart|go|h|hpp|html|java|js|json|jsx|kt|lua|md|mjs|mts|cts|cjs|php|py|rb|rs|scala|scss|sh|sql|svelte|swift|toml|ts|tsx|vue|xml|ya?ml|zig)$/iu;
const IDENTIFIER = /[A-Za-z_$][\w$]*/gu;
const CODE = /`([^`\n]{1,200})`/gu;

/** What a message names, in the order of mention. */
export function queryNames(message: string): QueryNames {
  const query = message.slice(0, QUERY_CHARACTERS_MAX);
  const paths = [...query.matchAll(PATH)]
    .map(([path]) => path)
    .filter((path) => FILE_END.test(path));
  const withoutPaths = paths.reduce((text, path) => text.replaceAll(path, " "), query);
  const quotedNames = [...withoutPaths.matchAll(CODE)].flatMap(([, code]) =>
    identifiersIn(code ?? ""),
  );
  const plain = withoutPaths.replaceAll(CODE, " ");
  const named = [...plain.matchAll(IDENTIFIER)]
    .filter(({ 0: word, index }) => looksLikeCode(word, plain, index))
    .map(([word]) => word);
  const names = unique([...quotedNames, ...named]).slice(0, NAMES_MAX);
  const words = [...plain.matchAll(/\p{L}+/gu)]
    .map(([word]) => word.toLowerCase())
    .filter((word) => word.length >= WORD_CHARACTERS_MIN && !STOP_WORDS.has(word));
  return {
    names,
    paths: unique(paths).slice(0, PATHS_MAX),
    words: unique(words)
      .filter((word) => !names.some((name) => name.toLowerCase() === word))
      .slice(0, WORDS_MAX),
  };
}

function identifiersIn(code: string): string[] {
  return [...code.matchAll(IDENTIFIER)].map(([word]) => word).filter(hasGoodLength);
}

function looksLikeCode(word: string, text: string, index: number): boolean {
  if (!hasGoodLength(word)) return false;
  if (/[a-z\d][A-Z]/u.test(word) || /[A-Za-z]_[A-Za-z]/u.test(word) || word.includes("$"))
    return true;
  if (text[index + word.length] === "(") return true;
  // A capital in the middle of a sentence.
  return /^[A-Z][a-z]{3,}$/u.test(word) && /[a-z,;]\s+$/u.test(text.slice(0, index));
}

function hasGoodLength(word: string): boolean {
  return word.length >= NAME_CHARACTERS_MIN && word.length <= NAME_CHARACTERS_MAX;
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

/** Words of questions, which say nothing about a place in code. */
const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "about above after again also because been before being below between both cannot code could does doing done " +
    "down each explain file files find from function give have help here into just like line lines look make more most " +
    "must need only other over please read same should show some such tell than that their them then there these they " +
    "thing this those through under until using very want were what when where which while will with work would write your"
  ).split(" "),
);
