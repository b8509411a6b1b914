import type { Connection } from "vscode-languageserver/node";
import {
  ClearStore,
  ConfigureStore,
  ConfigureStoreParams,
  PruneStore,
  ShowStore,
  type StoreVerification,
  VerifyStore,
} from "../../protocol/store.ts";
import type { ModelHost } from "../host/model-host.ts";
import type { StoreOwner } from "../host/store-owner.ts";
import { Refusal } from "../refusal.ts";
import { type BlockStore, StoreFailure } from "../store/block-store.ts";
import { handle, handleBare } from "./handle.ts";

/** Blocks that are verified at once: an answer that looks something up waits for as many. */
const VERIFIED_AT_ONCE = 8;

/** Serves what people ask of the store. */
export function handleStore(connection: Connection, owner: StoreOwner, host: ModelHost): void {
  handle(connection, ConfigureStore, ConfigureStoreParams, async ({ store }) => {
    if (owner.configure(store)) await host.keepAnew();
    return null;
  });
  handleBare(connection, ShowStore, async () => await asked(owner, (store) => store.call("stats")));
  handleBare(
    connection,
    VerifyStore,
    async (signal) => await asked(owner, async (store) => await verified(store, signal)),
  );
  handleBare(
    connection,
    PruneStore,
    async () => await asked(owner, (store) => store.call("prune")),
  );
  handleBare(connection, ClearStore, async () => {
    const removed = await asked(owner, (store) => store.call("clear"));
    host.noteCleared();
    return removed;
  });
}

async function asked<T>(owner: StoreOwner, ask: (store: BlockStore) => Promise<T>): Promise<T> {
  const store = await owner.require();
  try {
    return await ask(store);
  } catch (error) {
    if (error instanceof StoreFailure) throw new Refusal("storeUnavailable", error.message);
    throw error;
  }
}

async function verified(store: BlockStore, signal: AbortSignal): Promise<StoreVerification> {
  const hashes = await store.call("hashes");
  const parts: StoreVerification[] = [];
  for (let at = 0; at < hashes.length; at += VERIFIED_AT_ONCE) {
    signal.throwIfAborted();
    parts.push(await store.call("verify", hashes.slice(at, at + VERIFIED_AT_ONCE)));
  }
  const damaged = parts.flatMap((part) => part.damaged);
  return {
    blocks: parts.reduce((sum, { blocks }) => sum + blocks, 0),
    bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0),
    clean: damaged.length === 0,
    damaged,
  };
}
