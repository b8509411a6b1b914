import type { LoadEngine } from "../engine.ts";
import { SimulatedEngine, type SimulatedOptions } from "./simulated-engine.ts";

/**
 * Loads simulated models, whatever the path. `onLoaded` is told of each one, for its counters.
 */
export function loadSimulated(
  options: Omit<SimulatedOptions, "path" | "beforeDecode"> & {
    readonly onLoaded?: (engine: SimulatedEngine) => void;
  } = {},
): LoadEngine {
  return async ({ path, windowTokens }, { onProgress, signal, beforeDecode }) => {
    for (const share of [0.5, 1]) {
      await Promise.resolve();
      signal.throwIfAborted();
      onProgress(share);
    }
    const { onLoaded, ...model } = options;
    const window = windowTokens === undefined ? {} : { windowTokens };
    const engine = new SimulatedEngine({ ...model, ...window, path, beforeDecode });
    onLoaded?.(engine);
    return engine;
  };
}
