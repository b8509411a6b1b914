import { ACTIVE } from "../kv/ledger.ts";
import { stateOf } from "./block-chain.ts";
import type { StateFiles } from "../engine/engine.ts";
import type { KvState } from "../kv/kv-state.ts";
import type { BlockStore } from "./block-store.ts";
import type { WrittenState } from "./saved.ts";

/** The state of an engine, and where it goes. */
export type WholeState = {
  readonly kv: KvState;
  readonly files: StateFiles;
  readonly store: BlockStore;
  readonly identity: string;
};

/**
 * Writes the state of all that is resident, unless something else is resident by now or it is not
 * what a fresh prefill would leave. The caller has the lane.
 */
export async function writeState(
  { kv, files }: Pick<WholeState, "kv" | "files">,
  path: string,
  tokens: readonly number[],
): Promise<WrittenState> {
  const { ledger } = kv;
  const { length } = tokens;
  const isThere =
    ledger.lengthOf(ACTIVE) === length && ledger.commonPrefix(ACTIVE, tokens) === length;
  if (!isThere) return { kind: "moved" };
  if (kv.exactTokens() < length || kv.endPosition !== length) return { kind: "unsettled" };
  const stateBytes = await files.save(path).catch(() => null);
  return stateBytes === null ? { kind: "failed" } : { kind: "written", stateBytes };
}

/**
 * Has a written state on the disk, lets it be found and gives up those that it makes superfluous.
 * Answers its bytes, or `null` when the disk did not take it.
 */
export async function publishState(
  { store, identity }: Pick<WholeState, "store" | "identity">,
  written: {
    readonly path: string;
    readonly tokens: readonly number[];
    readonly stateBytes: number;
  },
): Promise<number | null> {
  const { path, tokens, stateBytes } = written;
  const block = stateOf(identity, tokens);
  const sealed = await store.call("seal", { path, block, stateBytes });
  if (sealed === null || !(await store.call("publish", identity, [sealed], []))) return null;
  await store.call("thinStates", identity, Int32Array.from(tokens));
  return sealed.bytes;
}
