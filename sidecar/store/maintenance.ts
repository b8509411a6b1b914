import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import type { StoreRemoval, StoreStats, StoreVerification } from "../../protocol/store.ts";
import { modelHashOf } from "./model-hash.ts";
import type { StoreFolder } from "./store-folder.ts";
import type { IdentityRecord } from "./store-index.ts";
import { FORM, StorePaths } from "./store-paths.ts";
import { sweep } from "./sweep.ts";

/** What a person may want to know of a store, or do to it. */

export function stats(store: StoreFolder): StoreStats {
  store.index.refresh();
  const entries = store.index.all();
  const sum = (list: typeof entries, of: (entry: (typeof entries)[number]) => number): number =>
    list.reduce((total, entry) => total + of(entry), 0);
  const models = store.index.identities.all().map(({ hash, record }) => {
    const own = entries.filter((entry) => entry.record.identity === hash);
    const { modelPath: path, cacheType, engine } = record;
    return {
      path,
      cacheType,
      engine,
      blocks: own.length,
      bytes: sum(own, (entry) => entry.record.bytes),
    };
  });
  return {
    folder: store.settings.folder,
    blocks: entries.length,
    tokens: sum(
      entries,
      ({ record }) => record.tokens + (record.kind === "state" ? record.from : 0),
    ),
    bytes: store.index.bytes,
    pinnedBytes: store.index.pinnedBytes,
    budgetBytes: store.settings.budgetBytes,
    freeFloorBytes: store.settings.freeFloorBytes,
    models,
  };
}

/** All blocks, for whoever verifies a few at a time. */
export function hashesOf(store: StoreFolder): string[] {
  store.index.refresh();
  return store.index.all().map(({ hash }) => hash);
}

/** Reads files through, all of them unless some are named. What is damaged goes. */
export function verify(
  store: StoreFolder,
  hashes: readonly string[] = hashesOf(store),
): StoreVerification {
  store.index.refresh();
  const damaged: { hash: string; damage: string }[] = [];
  let blocks = 0;
  let bytes = 0;
  for (const hash of hashes) {
    const record = store.index.get(hash);
    // Another process has given it up meanwhile.
    if (record === undefined) continue;
    const checked = store.check(hash, record.kind === "state" ? 0 : record.from);
    if (checked.kind === "unusable") damaged.push({ hash, damage: checked.damage });
    else [blocks, bytes] = [blocks + 1, bytes + record.bytes];
  }
  return { blocks, bytes, clean: damaged.length === 0, damaged };
}

/**
 * Removes what can never be used again: blocks of models that are gone, changed or run by another
 * engine since, blocks whose beginning is missing, what older forms of the store and killed
 * processes left behind, and what is over the budget.
 */
export function prune(store: StoreFolder, nowMs: number): StoreRemoval {
  const before = present(store);
  removeOlderForms(store);
  sweep(store, nowMs);
  removeIdentities(store, (record) => !isPresent(record, store));
  removeUnreachable(store);
  store.makeRoom(0, []);
  const after = present(store);
  return { blocks: before.blocks - after.blocks, bytes: before.bytes - after.bytes };
}

/** Removes what other engines and other contents of a model file left: no prompt finds it again. */
export function supersede(store: StoreFolder, identity: string): void {
  const present = store.index.identities.all().find(({ hash }) => hash === identity)?.record;
  if (present === undefined) return;
  removeIdentities(
    store,
    ({ modelPath, modelHash, fingerprint, engine }) =>
      modelPath === present.modelPath &&
      (modelHash !== present.modelHash ||
        fingerprint !== present.fingerprint ||
        engine !== present.engine),
  );
}

export function clear(store: StoreFolder, nowMs: number): StoreRemoval {
  const removal = present(store);
  store.remove(store.index.all().map(({ hash }) => hash));
  removeOlderForms(store);
  removeIdentities(store, () => true);
  sweep(store, nowMs);
  return removal;
}

function present(store: StoreFolder): StoreRemoval {
  store.index.refresh();
  return { blocks: store.index.all().length, bytes: store.index.bytes };
}

function removeIdentities(store: StoreFolder, unwanted: (record: IdentityRecord) => boolean): void {
  for (const { hash, record } of store.index.identities.all()) {
    if (!unwanted(record)) continue;
    const own = store.index.all().filter((entry) => entry.record.identity === hash);
    store.remove(own.map((entry) => entry.hash));
    store.index.transaction(() => store.index.identities.remove(hash));
    rmSync(store.paths.ofIdentity(hash), { recursive: true, force: true });
  }
}

function isPresent({ modelPath, modelHash }: IdentityRecord, store: StoreFolder): boolean {
  if (statSync(modelPath, { throwIfNoEntry: false })?.isFile() !== true) return false;
  return modelHashOf(modelPath, store.index) === modelHash;
}

/** Blocks are reached from the root of their chain, states by themselves. */
function removeUnreachable(store: StoreFolder): void {
  const entries = store.index.all().sort((a, b) => a.record.from - b.record.from);
  const reached = new Set(store.index.identities.all().map(({ hash }) => hash));
  const lost = entries.filter(({ hash, record }) => {
    const isReached = reached.has(record.kind === "state" ? record.identity : record.parent);
    if (isReached) reached.add(hash);
    return !isReached;
  });
  store.remove(lost.map(({ hash }) => hash));
}

/** A newer Kvasir may be using a newer form, and the folder may hold something that is not ours. */
function removeOlderForms(store: StoreFolder): void {
  for (const name of readdirSync(store.paths.root)) {
    const form = /^v(\d+)$/u.exec(name)?.[1];
    if (form === undefined || Number(form) >= FORM) continue;
    const paths = new StorePaths(store.paths.root, Number(form));
    if (existsSync(paths.index) && existsSync(paths.blocks)) {
      rmSync(paths.form, { recursive: true, force: true });
    }
  }
}
