import { RequestType } from "vscode-jsonrpc";
import * as z from "zod";
import { ContextAt } from "./context.ts";
import { Reuse } from "./generate.ts";
import type { Usage } from "./usage.ts";

/**
 * client -> sidecar. Makes the context resident without generating, so that the next message
 * prefills only itself. Cancellable; what is finished stays.
 */
export const WarmParams = ContextAt.extend({
  reuse: Reuse.optional(),
  healTokens: z.int().min(0).max(4096).optional(),
  /** Reads back what is stored of the context and computes nothing. */
  storedOnly: z.boolean().optional(),
});
export type WarmParams = z.infer<typeof WarmParams>;
export type WarmResult = { readonly usage: Usage };
export const Warm = new RequestType<WarmParams, WarmResult, void>("kvasir/warm");
