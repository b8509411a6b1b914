import { createHash } from "node:crypto";

/** Tokens of a whole block. Fewer make more files, more make shared prefixes end earlier. */
export const BLOCK_TOKENS = 256;

/** `block`: cells that need those before them. `state`: all that an engine knows of a whole text. */
export type BlockKind = "block" | "state";

/** A run of a prompt's tokens under a name that says all that stands before it as well. */
export type Block = {
  readonly kind: BlockKind;
  readonly hash: string;
  /** The hash of the block before it; of the first one, what the cells depend on. */
  readonly parent: string;
  readonly from: number;
  readonly tokens: readonly number[];
};

/** The name of the cells that these tokens have behind that parent. */
export function blockHash(parent: string, tokens: readonly number[] | Int32Array): string {
  return createHash("sha256")
    .update(Buffer.from(parent, "hex"))
    .update(Int32Array.from(tokens))
    .digest("hex");
}

/** A prompt as a chain of blocks. The last one is shorter when the prompt does not fill it. */
export function blockChain(root: string, tokens: readonly number[]): Block[] {
  const blocks: Block[] = [];
  let parent = root;
  for (let from = 0; from < tokens.length; from += BLOCK_TOKENS) {
    const run = tokens.slice(from, from + BLOCK_TOKENS);
    const hash = blockHash(parent, run);
    blocks.push({ kind: "block", hash, parent, from, tokens: run });
    parent = hash;
  }
  return blocks;
}

/**
 * The state behind a whole prompt, under the name that the last block of the prompt's chain has. It
 * stands alone, so it is no link of a chain itself.
 */
export function stateOf(root: string, tokens: readonly number[]): Block {
  return { kind: "state", hash: chainHash(root, tokens), parent: root, from: 0, tokens };
}

/** The name of the last block of a chain. */
export function chainHash(root: string, tokens: readonly number[]): string {
  return blockChain(root, tokens).at(-1)?.hash ?? root;
}
