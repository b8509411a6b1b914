import type { Tokenizer } from "../engine/engine.ts";
import type { Piece } from "./form.ts";

/** Tokens of a prompt and whose they are. */
export type WantedTokens = {
  readonly tokens: readonly number[];
  /** In order and without gaps, from token 0 on. */
  readonly owners: readonly Owner[];
};

export type Owner = { readonly endToken: number; readonly segmentId: string | null };

/** Characters of text whose tokens are remembered: some hundred long files. */
const CACHED_CHARACTERS_MAX = 32_000_000;

/** Remembers the tokens of texts, so that an unchanged one is tokenised once. */
export class TokenCache {
  readonly #tokenizer: Tokenizer;
  readonly #tokens = new Map<string, readonly number[]>();
  #characters = 0;

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  tokensOf(text: string, options: { readonly specials: boolean }): readonly number[] {
    const key = (options.specials ? "s" : "t") + text;
    let tokens = this.#tokens.get(key);
    if (tokens === undefined) {
      tokens = this.#tokenizer.tokenize(text, options);
      this.#characters += key.length;
    } else this.#tokens.delete(key);
    this.#tokens.set(key, tokens);
    for (const oldest of this.#tokens.keys()) {
      if (this.#characters <= CACHED_CHARACTERS_MAX) break;
      this.#tokens.delete(oldest);
      this.#characters -= oldest.length;
    }
    return tokens;
  }
}

/** The prompt as the model will read it. */
export function tokenisePieces(
  pieces: readonly Piece[],
  cache: TokenCache,
  bosToken: number | null,
): WantedTokens {
  const tokens: number[] = [];
  const owners: Owner[] = [];
  for (const { text, segmentId, specials, tokens: verbatim } of pieces) {
    const ids = verbatim ?? cache.tokensOf(text, { specials });
    for (const id of ids) tokens.push(id);
    if (ids.length > 0) owners.push({ endToken: tokens.length, segmentId });
  }
  if (bosToken === null || tokens[0] === bosToken) return { tokens, owners };
  return {
    tokens: [bosToken, ...tokens],
    owners: owners.map(({ endToken, segmentId }) => ({ endToken: endToken + 1, segmentId })),
  };
}

export function ownerAt(wanted: WantedTokens, tokenIndex: number): string | null {
  return wanted.owners.find(({ endToken }) => tokenIndex < endToken)?.segmentId ?? null;
}
