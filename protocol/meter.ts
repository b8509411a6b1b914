import { NotificationType } from "vscode-jsonrpc";
import * as z from "zod";
import type { Divergence, Usage } from "./usage.ts";

/** How far spliced cells had led the model from what it would have said after a fresh prefill. */
export type Drift = {
  /** Kullback-Leibler divergence of the next token's probabilities, in nats. */
  readonly kl: number;
  /** Whether the most likely next token was the same. */
  readonly sameTop1: boolean;
};

/** Drift as measured by all repairs on a model, also those before the sidecar was started. */
export const DriftStatistics = z.object({
  repairs: z.int().positive(),
  klMean: z.number(),
  klMax: z.number(),
  /** 0 to 1. */
  sameTop1Share: z.number(),
});
export type DriftStatistics = z.infer<typeof DriftStatistics>;

/** Tokens in use that were computed before an edit, and the text that it changed. */
export type StaleSince = {
  readonly tokens: number;
  /** Whose text that is; `null` for text of the chat template or the tools. */
  readonly segmentLabel: string | null;
  /** What the prompt said there after the edit, a few words of it. */
  readonly text: string;
};

/** A text of the prompt, or a part of it, that a turn has prefilled. */
export type PrefilledText = { readonly label: string; readonly tokens: number };

/** What one finished turn cost, and why. Counts are exact and come from the engine. */
export type MeterReading = {
  readonly contextId: string;
  /** `fold`: stale cells were computed exactly while nobody waited. */
  readonly task: "generate" | "warm" | "fold";
  readonly usage: Usage;
  /** From the arrival of the request to the first generated token; `null` if none came. */
  readonly firstTokenMs: number | null;
  readonly prefillMs: number;
  readonly decodeMs: number;
  /** What prefilling the reused tokens would have taken at this turn's measured speed. */
  readonly savedMs: number;
  /** Why anything was prefilled that had stood in the cache before; `null` if nothing was. */
  readonly divergence: Divergence | null;
  /** Since which edits the stale tokens are stale, those of most tokens first. */
  readonly staleSince: readonly StaleSince[];
  /** Whose text was prefilled, for the first time or again; most tokens first, and not all of them. */
  readonly prefilled: readonly PrefilledText[];
  /** With a fold that has repaired everything: what it found, and what all of them found. */
  readonly drift: { readonly latest: Drift; readonly statistics: DriftStatistics } | null;
};

/** sidecar -> client, after each turn. */
export const Meter = new NotificationType<MeterReading>("kvasir/meter");
