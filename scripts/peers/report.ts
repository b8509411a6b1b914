import { z } from "zod";

const cost = z.object({
  prefilledTokens: z.number(),
  firstTokenMs: z.number(),
  engineMs: z.number(),
});

const row = z.object({
  case: z.string(),
  contextTokens: z.number(),
  promptTokens: z.number(),
  ours: cost,
  /** The same in exact mode, which keeps nothing behind a change. */
  oursExact: cost,
  peers: z.record(z.string(), cost),
  /** Time to first token of the fastest peer as a multiple of ours. */
  ratio: z.number(),
  ratioExact: z.number(),
});

/** What the command prints, and what the page is made from. */
export const peersReport = z.object({
  bench: z.string(),
  version: z.literal(1),
  model: z.object({ name: z.string(), parameters: z.number(), bytes: z.number() }),
  machine: z.object({
    cpu: z.string(),
    cores: z.number(),
    memoryBytes: z.number(),
    gpu: z.string().nullable(),
  }),
  rows: z.array(row).readonly(),
  summary: z.object({
    command: z.string(),
    repetitions: z.number(),
    threads: z.number(),
    cellsTokens: z.number(),
    batchTokens: z.number(),
    elapsedMs: z.number(),
    versions: z.record(z.string(), z.string()),
  }),
});

export type Cost = z.infer<typeof cost>;
export type PeersRow = z.infer<typeof row>;
export type PeersReport = z.infer<typeof peersReport>;
