import type { MeterReading } from "../../protocol/meter.ts";
import type { Divergence, Usage } from "../../protocol/usage.ts";

type Changes = Partial<Omit<MeterReading, "usage" | "divergence">> & {
  readonly usage?: Partial<Usage>;
  readonly divergence?: Partial<Divergence>;
};

export function readingWith(changes: Changes): MeterReading {
  const { usage, divergence, ...others } = changes;
  return {
    contextId: "context",
    task: "generate",
    staleSince: [],
    drift: null,
    prefilled: [],
    firstTokenMs: 120,
    prefillMs: 100,
    decodeMs: 400,
    savedMs: 0,
    ...others,
    usage: {
      promptTokens: 0,
      prefixTokens: 0,
      splicedTokens: 0,
      restoredTokens: 0,
      forkedTokens: 0,
      prefilledTokens: 0,
      healedTokens: 0,
      staleTokens: 0,
      generatedTokens: 0,
      ...usage,
    },
    divergence:
      divergence === undefined
        ? null
        : {
            tokenIndex: 0,
            text: "",
            segmentId: "segment",
            segmentLabel: null,
            removed: false,
            droppedTokens: 0,
            ...divergence,
          },
  };
}
