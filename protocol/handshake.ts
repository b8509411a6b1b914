import * as z from "zod";
import { ModelConfig } from "./model.ts";
import { StoreChoice } from "./store.ts";

/** Travels as `initializationOptions` of the LSP handshake. */
export const Handshake = z.object({
  protocolVersion: z.int(),
  model: ModelConfig,
  /** Where the drift of each model is kept; absent: in memory, until the sidecar ends. */
  driftFile: z.string().min(1).optional(),
  /** Absent for `null`. */
  store: StoreChoice.optional(),
});
export type Handshake = z.infer<typeof Handshake>;
