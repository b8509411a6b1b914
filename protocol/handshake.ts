import * as z from "zod";
import { ModelConfig } from "./model.ts";
import { StoreChoice } from "./store.ts";

/** Travels as `initializationOptions` of the LSP handshake. */
export const Handshake = z.object({
  protocolVersion: z.int(),
  model: ModelConfig,
  /** Absent for `null`. */
  store: StoreChoice.optional(),
});
export type Handshake = z.infer<typeof Handshake>;
