import { NotificationType } from "vscode-jsonrpc";
import type { Divergence, Usage } from "./usage.ts";

/** What one finished turn cost, and why. Counts are exact and come from the engine. */
export type MeterReading = {
  readonly contextId: string;
  readonly task: "generate" | "warm";
  readonly usage: Usage;
  /** From the arrival of the request to the first generated token; `null` if none came. */
  readonly firstTokenMs: number | null;
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** What prefilling the reused tokens would have taken at this turn's measured speed. */
  readonly savedMs: number;
  /** Why anything was prefilled that had stood in the cache before; `null` if nothing was. */
  readonly divergence: Divergence | null;
};

/** sidecar -> client, after each turn. */
export const Meter = new NotificationType<MeterReading>("kvasir/meter");
