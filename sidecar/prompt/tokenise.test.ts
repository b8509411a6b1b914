import { describe, expect, it } from "vitest";
import type { Tokenizer } from "../engine/engine.ts";
import { ownerAt, TokenCache, tokenisePieces } from "./tokenise.ts";

const CACHED_CHARACTERS_MAX = 32_000_000;

/** One id per character; negative ids where special tokens count. Notes what it is asked. */
class NotedTokenizer implements Tokenizer {
  readonly asked: string[] = [];

  tokenize(text: string, { specials }: { readonly specials: boolean }): number[] {
    this.asked.push(text);
    // Long texts stand for themselves in the tests of the cache's limit.
    return Array.from(
      text.slice(0, 9),
      (character) => character.charCodeAt(0) * (specials ? -1 : 1),
    );
  }

  detokenize(): string {
    throw new Error("Nothing here is detokenised.");
  }
}

describe("the token cache", () => {
  it("has an unchanged text tokenised once", () => {
    const tokenizer = new NotedTokenizer();
    const cache = new TokenCache(tokenizer);
    const first = cache.tokensOf("abc", { specials: false });
    expect(first).toEqual([97, 98, 99]);
    expect(cache.tokensOf("abc", { specials: false })).toEqual(first);
    expect(tokenizer.asked).toEqual(["abc"]);
  });

  it("keeps a text apart from a template text that reads the same", () => {
    const cache = new TokenCache(new NotedTokenizer());
    expect(cache.tokensOf("a", { specials: false })).toEqual([97]);
    expect(cache.tokensOf("a", { specials: true })).toEqual([-97]);
  });

  it("forgets the texts that were used longest ago when it is full", () => {
    const tokenizer = new NotedTokenizer();
    const cache = new TokenCache(tokenizer);
    const half = CACHED_CHARACTERS_MAX / 2 - 10;
    const [a, b, c] = ["a", "b", "c"].map((letter) => letter.repeat(half)) as [
      string,
      string,
      string,
    ];
    for (const text of [a, b, a, c]) cache.tokensOf(text, { specials: false });
    const letters = (): string[] => tokenizer.asked.map((text) => text[0]!);
    expect(letters()).toEqual(["a", "b", "c"]);
    cache.tokensOf(a, { specials: false });
    expect(letters()).toEqual(["a", "b", "c"]);
    cache.tokensOf(b, { specials: false });
    expect(letters()).toEqual(["a", "b", "c", "b"]);
  });

  it("still answers for a text that it cannot hold", () => {
    const cache = new TokenCache(new NotedTokenizer());
    const huge = "h".repeat(CACHED_CHARACTERS_MAX + 1);
    expect(cache.tokensOf(huge, { specials: false })).toHaveLength(9);
    expect(cache.tokensOf("abc", { specials: false })).toEqual([97, 98, 99]);
  });
});

describe("tokenising pieces", () => {
  const tokenised = (
    pieces: Parameters<typeof tokenisePieces>[0],
    bosToken: number | null = null,
  ) => tokenisePieces(pieces, new TokenCache(new NotedTokenizer()), bosToken);

  it("lets special tokens be special in template text alone", () => {
    const pieces = [
      { text: "a", segmentId: null, specials: true },
      { text: "a", segmentId: "u", specials: false },
    ];
    expect(tokenised(pieces).tokens).toEqual([-97, 97]);
  });

  it("uses given ids as they are", () => {
    expect(
      tokenised([{ text: "a", segmentId: "u", specials: false, tokens: [5, 6] }]).tokens,
    ).toEqual([5, 6]);
  });

  it("says whose each token is", () => {
    const wanted = tokenised([
      { text: "a", segmentId: null, specials: true },
      { text: "bc", segmentId: "u", specials: false },
      { text: "", segmentId: "empty", specials: false },
      { text: "d", segmentId: "v", specials: false },
    ]);
    expect([0, 1, 2, 3, 4].map((index) => ownerAt(wanted, index))).toEqual([
      null,
      "u",
      "u",
      "v",
      null,
    ]);
    expect(wanted.owners.map(({ endToken }) => endToken)).toEqual([1, 3, 4]);
  });

  it("begins with the token that the model wants, once, and moves the owners behind it", () => {
    const pieces = [
      { text: "a", segmentId: null, specials: true },
      { text: "b", segmentId: "u", specials: false },
    ];
    const wanted = tokenised(pieces, 1);
    expect(wanted.tokens).toEqual([1, -97, 98]);
    expect([0, 1, 2].map((index) => ownerAt(wanted, index))).toEqual([null, null, "u"]);
    expect(tokenised(pieces, -97).tokens).toEqual([-97, 98]);
  });
});
