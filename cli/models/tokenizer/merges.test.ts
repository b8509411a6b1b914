import { expect, test } from "vitest";
import { byteCharacters, byteTokens } from "./byte-to-unicode.ts";
import { learnMerges } from "./merge-learner.ts";
import { formatMergesFile, loadMerges, parseMergesFile } from "./merges-file.ts";
import { preTokenize } from "./pre-tokenize.ts";
import { buildVocabulary } from "./vocabulary.ts";

test("every byte has one printable character of its own", () => {
  expect(new Set(byteCharacters).size).toBe(256);
  expect(byteCharacters[0x41]).toBe("A");
  expect(byteCharacters[0x20]).toBe("Ġ");
  expect(byteCharacters[0x0a]).toBe("Ċ");
  expect(byteTokens.slice(0, 2)).toEqual(["!", '"']);
});

test("pre-tokenization loses nothing and splits digits one by one", () => {
  const text = "we're 42 \t\r\n  done_here(x);\n";
  expect(preTokenize(text).join("")).toBe(text);
  expect(preTokenize(text).slice(0, 5)).toEqual(["we", "'re", " ", "4", "2"]);
});

test("the most frequent pair merges first, and ties go to the lower bytes", () => {
  const counts = new Map([
    ["abab", 3],
    ["cd", 2],
    ["ce", 2],
  ]);
  expect(learnMerges(counts, 3)).toEqual(["a b", "ab ab", "c d"]);
});

test("a pair that occurs once is not merged", () => {
  expect(learnMerges(new Map([["xy", 1]]), 5)).toEqual([]);
});

test("a merge that begins with a hash is not taken for a comment", () => {
  const merges = ["# #", "a b"];
  expect(parseMergesFile(formatMergesFile(["One.", "Two."], merges))).toEqual(merges);
  expect(parseMergesFile("# One.\r\n\r\n# #\r\na b\r\n")).toEqual(merges);
});

test("every merge joins two tokens that come before it", () => {
  const known = new Set(byteTokens);
  const merges = loadMerges();
  expect(merges).toHaveLength(8_000);
  for (const merge of merges) {
    const [left, right, ...rest] = merge.split(" ");
    expect(rest).toEqual([]);
    expect(known.has(left as string) && known.has(right as string)).toBe(true);
    known.add(`${left}${right}`);
  }
});

test("the vocabulary lists bytes, merged tokens and special tokens, each once", () => {
  const { tokens, tokenTypes } = buildVocabulary(loadMerges());
  expect(tokens.slice(0, 256)).toEqual(byteTokens);
  expect(tokens.slice(-9, -6)).toEqual(["<|endoftext|>", "<|im_start|>", "<|im_end|>"]);
  expect(tokenTypes.slice(-9)).toEqual([3, 3, 3, 4, 4, 4, 4, 4, 4]);
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(tokenTypes).toHaveLength(tokens.length);
});
