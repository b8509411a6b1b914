import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { verify } from "../../sidecar/store/maintenance.ts";
import { openStore } from "../../sidecar/store/open-store.ts";
import { StoreFolder, type StoreSettings } from "../../sidecar/store/store-folder.ts";

/** How often a test kills: `KVASIR_KILLS=200` is the full count. */
export function killsOr(count: number): number {
  return Number(process.env["KVASIR_KILLS"] ?? String(count));
}

/** A store is whole after a kill: before anything is tidied up, and after. */
export async function expectSound(settings: StoreSettings): Promise<void> {
  const asLeft = new StoreFolder(settings);
  expect(verify(asLeft)).toMatchObject({ clean: true });
  await asLeft.close();
  const store = openStore(settings, Date.now());
  const verified = verify(store);
  expect(verified).toMatchObject({ clean: true, bytes: store.index.bytes });
  expect(readdirSync(store.paths.temporary)).toEqual([]);
  const files = readdirSync(store.paths.blocks, { recursive: true, withFileTypes: true });
  expect(files.filter((entry) => entry.isFile())).toHaveLength(verified.blocks);
  await store.close();
}
