import { storePlace } from "../../sidecar/store/store-place.ts";
import type { StoreSettings } from "../../sidecar/store/store-folder.ts";

/** The store that the options of a command name. */
export function storeOf({
  store,
  budget,
}: {
  readonly store?: string;
  readonly budget?: number;
}): StoreSettings {
  return storePlace({
    ...(store === undefined ? {} : { folder: store }),
    ...(budget === undefined ? {} : { budgetMb: budget }),
  });
}
