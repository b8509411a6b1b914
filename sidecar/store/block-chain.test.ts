import { describe, expect, it } from "vitest";
import { BLOCK_TOKENS, blockChain, blockHash } from "./block-chain.ts";
import { tokensFrom } from "./store-folder.test-support.ts";

const ROOT = "ab".repeat(32);
const hashes = (root: string, tokens: readonly number[]): string[] =>
  blockChain(root, tokens).map(({ hash }) => hash);

describe("a chain of blocks", () => {
  it("covers every token in order, the last ones in a shorter block", () => {
    const tokens = tokensFrom(5, 2 * BLOCK_TOKENS + 3);
    const chain = blockChain(ROOT, tokens);
    expect(chain.map(({ from }) => from)).toEqual([0, BLOCK_TOKENS, 2 * BLOCK_TOKENS]);
    expect(chain.flatMap((block) => block.tokens)).toEqual(tokens);
    expect(chain.map(({ parent }) => parent)).toEqual([ROOT, chain[0]!.hash, chain[1]!.hash]);
  });

  it("is empty for no tokens", () => {
    expect(blockChain(ROOT, [])).toEqual([]);
  });

  it("is shared by prompts as far as their whole blocks agree", () => {
    const one = tokensFrom(0, 3 * BLOCK_TOKENS);
    const other = one.with(BLOCK_TOKENS + 7, 99_999);
    const [a, b] = [hashes(ROOT, one), hashes(ROOT, other)];
    expect(b[0]).toBe(a[0]);
    expect(b[1]).not.toBe(a[1]);
    // The same tokens behind other ones are other cells.
    expect(b[2]).not.toBe(a[2]);
  });

  it("has another name under another root, and for each length of its last block", () => {
    expect(hashes("cd".repeat(32), [1, 2])).not.toEqual(hashes(ROOT, [1, 2]));
    expect(blockHash(ROOT, [1, 2])).not.toBe(blockHash(ROOT, [1]));
    expect(blockHash(ROOT, [1, 2])).not.toBe(blockHash(ROOT, [258]));
  });

  it("gives lists and arrays of the same ids the same name", () => {
    expect(blockHash(ROOT, Int32Array.of(1, -2, 3))).toBe(blockHash(ROOT, [1, -2, 3]));
  });
});
