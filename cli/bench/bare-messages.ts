import * as z from "zod";

/** What the benchmark and its bare decode loop, a process of its own, say to each other. */

export const BareSettings = z.object({
  modelPath: z.string(),
  fingerprint: z.string(),
  cellsTokens: z.int(),
  threads: z.int(),
  gpuLayers: z.int(),
  useGpu: z.boolean(),
  cacheType: z.enum(["f16", "q8_0", "q4_0"]),
  promptText: z.string(),
});
export type BareSettings = z.infer<typeof BareSettings>;

export const BareRequest = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("load"), settings: BareSettings }),
  z.object({ kind: z.literal("decode"), tokensMax: z.int() }),
]);
export type BareRequest = z.infer<typeof BareRequest>;

export const BareAnswer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("loaded") }),
  z.object({
    kind: z.literal("decoded"),
    /** Without the end-of-generation token. */
    tokens: z.array(z.int()),
    msPerToken: z.number(),
  }),
  z.object({ kind: z.literal("failed"), message: z.string() }),
]);
export type BareAnswer = z.infer<typeof BareAnswer>;
