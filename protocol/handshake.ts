import * as z from "zod";
import { ModelConfig } from "./model.ts";

/** Travels as `initializationOptions` of the LSP handshake. */
export const Handshake = z.object({
  protocolVersion: z.int(),
  model: ModelConfig,
});
export type Handshake = z.infer<typeof Handshake>;
