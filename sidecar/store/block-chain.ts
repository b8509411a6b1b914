import { createHash } from "node:crypto";

/** Tokens of a whole block. Fewer make more files, more make shared prefixes end earlier. */
export const BLOCK_TOKENS = 256;

/** A run of a prompt's tokens under a name that says all that stands before it as well. */
export type Block = {
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
    blocks.push({ hash, parent, from, tokens: run });
    parent = hash;
  }
  return blocks;
}
