import { BLOCK_TOKENS, blockHash } from "./block-chain.ts";
import type { ChainLink, StoreFolder } from "./store-folder.ts";

/** States of one text that are kept behind a longer one, besides the shortest. */
const SHORTER_STATES_MAX = 2;

/** The longest prefix of a prompt behind which a state is stored. */
export function longestState(
  store: StoreFolder,
  root: string,
  tokens: Int32Array,
): ChainLink | null {
  for (const state of statesOf(store, root, tokens)) return state;
  return null;
}

/**
 * Gives up states that a longer one of the same text makes superfluous: each holds all of the text
 * before it again, so a conversation of a hundred turns would take the room of a hundred. The
 * longest ones stay, for an edit near the end, and the shortest, which conversations share.
 */
export function thinStates(store: StoreFolder, root: string, tokens: Int32Array): void {
  const [, ...shorter] = statesOf(store, root, tokens);
  const superfluous = shorter.slice(SHORTER_STATES_MAX, -1).map(({ hash }) => hash);
  store.remove(superfluous.filter((hash) => store.index.get(hash)?.pinned !== true));
}

/** The states of a prompt's prefixes, the longest first. */
function* statesOf(store: StoreFolder, root: string, tokens: Int32Array): Generator<ChainLink> {
  store.index.refresh();
  const parents = [root];
  for (let end = BLOCK_TOKENS; end < tokens.length; end += BLOCK_TOKENS) {
    parents.push(blockHash(parents.at(-1)!, tokens.subarray(end - BLOCK_TOKENS, end)));
  }
  for (let at = parents.length - 1; at >= 0; at--) {
    const from = at * BLOCK_TOKENS;
    const most = Math.min(BLOCK_TOKENS, tokens.length - from);
    for (const end of store.index.endsBehind(parents[at]!, most)) {
      const to = from + end.tokens;
      if (blockHash(parents[at]!, tokens.subarray(from, to)) !== end.hash) continue;
      yield { hash: end.hash, parent: root, from: 0, to, stored: true };
    }
  }
}
