import { NotificationType, RequestType, RequestType0 } from "vscode-jsonrpc";
import * as z from "zod";
import type { ErrorData } from "./errors.ts";

export const CacheType = z.enum(["f16", "q8_0", "q4_0"]);
export type CacheType = z.infer<typeof CacheType>;

/** Which model to run and how. Absent numbers are chosen from the model and the machine. */
export const ModelConfig = z.object({
  /** A GGUF file, or `null` when none is chosen. */
  path: z.string().min(1).nullable(),
  /** Positions of the window; at most what the model was trained for. */
  windowTokens: z.int().optional(),
  gpuLayers: z.int().nonnegative().optional(),
  threads: z.int().positive().optional(),
  cacheType: CacheType.optional(),
  /** Idle time after which the model leaves memory; 0 keeps it until the sidecar ends. */
  keepAliveMs: z.number().nonnegative().optional(),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

/** What can be kept of the cells behind a change of the prompt, by the kind of model. */
export type CellReuse = {
  /**
   * `everything`: text that only moved can be kept. `sameLength`: text that did not move can be kept.
   * `checkpoints`: nothing behind the last kept state before the change. `prefix`: nothing behind
   * the change.
   */
  readonly kind: "everything" | "sameLength" | "checkpoints" | "prefix";
  /** Why not everything, as a clause about the model; `null` for `everything`. */
  readonly reason: string | null;
};

export type ModelFacts = {
  readonly name: string;
  readonly path: string;
  /** The same for two copies of a model, different for two models. */
  readonly fingerprint: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly bytes: number;
  readonly trainedTokens: number;
  /** Positions a prompt and its answer may use. */
  readonly windowTokens: number;
  /** KV cells allocated: more than the window, so that branches can be parked. */
  readonly cellsTokens: number;
  readonly cacheType: CacheType;
  readonly cellReuse: CellReuse;
  readonly gpu: string | null;
  readonly gpuLayers: number;
  readonly threads: number;
};

export type ModelStatus =
  | { readonly state: "unset" }
  /** Configured and not in memory; the next request loads it. */
  | { readonly state: "unloaded"; readonly path: string }
  | { readonly state: "loading"; readonly path: string; readonly share: number }
  | { readonly state: "ready"; readonly facts: ModelFacts }
  | { readonly state: "failed"; readonly path: string; readonly error: ErrorData };

/** client -> sidecar. Replaces the configuration; a running model that differs is unloaded. */
export const ConfigureModel = new RequestType<ModelConfig, ModelStatus, void>(
  "kvasir/model/configure",
);

/** client -> sidecar. Loads the configured model unless it is in memory, and describes it. */
export const LoadModel = new RequestType0<ModelFacts, void>("kvasir/model/load");

/** sidecar -> client, whenever the status changes. */
export const ModelStatusChanged = new NotificationType<ModelStatus>("kvasir/model/status");

export const CountTokensParams = z.object({ texts: z.array(z.string()).max(10_000) });
export type CountTokensParams = z.infer<typeof CountTokensParams>;
/** client -> sidecar. Exact counts by the model's own tokenizer, one per text. */
export const CountTokens = new RequestType<CountTokensParams, { readonly counts: number[] }, void>(
  "kvasir/model/countTokens",
);

/** client -> sidecar. Empties the KV cache. No text is lost; the next turn computes or reads everything again. */
export const ClearCache = new RequestType0<{ readonly droppedTokens: number }, void>(
  "kvasir/cache/clear",
);
