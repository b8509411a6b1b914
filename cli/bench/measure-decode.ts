import { Conversation } from "../../extension/client/conversation.ts";
import { append } from "../../extension/context/change.ts";
import { emptyContext } from "../../extension/context/state.ts";
import { Meter, type MeterReading } from "../../protocol/meter.ts";
import type { SidecarProcess } from "../sidecar-process.ts";
import { PROMPT_TEXT, promptSegment } from "./prompt.ts";

export type MeasuredAnswer = {
  /** All ids of the answer, those that the chat template opens it with included. */
  readonly tokens: readonly number[];
  readonly generatedTokens: number;
  /** By the clock of this process. */
  readonly msPerToken: number;
  /** By the clock of the sidecar. */
  readonly meteredMsPerToken: number;
};

/**
 * Times one answer through the real protocol: from the first generated token, as the sidecar
 * tells it, until the result is here. Every token after the first has been decoded and streamed
 * in that time, so their number is exact, which the number of text events would not be.
 */
export async function measureAnswer(
  sidecar: SidecarProcess,
  tokensMax: number,
  signal: AbortSignal,
): Promise<MeasuredAnswer> {
  let reading: MeterReading | null = null;
  const meter = sidecar.onNotification(Meter, (latest) => {
    reading = latest;
  });
  const latestReading = (): MeterReading | null => reading;
  const state = append(emptyContext("bench"), [promptSegment(PROMPT_TEXT)]);
  const conversation = new Conversation(sidecar, state);
  try {
    // Prefill and the opening of the context are not what is measured here.
    await conversation.warm(signal);
    const askedMs = performance.now();
    const { segment, stop, usage, firstTokenMs } = await conversation.generate({
      sampling: { temperature: 0 },
      maxTokens: tokensMax,
      signal,
    });
    const elapsedMs = performance.now() - askedMs;
    signal.throwIfAborted();
    const { generatedTokens } = usage;
    // A token that ends the answer is decoded like the others, and not counted among them.
    const decodes = generatedTokens - (stop === "maxTokens" ? 1 : 0);
    return {
      tokens: segment.generated?.tokens ?? [],
      generatedTokens,
      msPerToken: (elapsedMs - (firstTokenMs ?? 0)) / Math.max(1, decodes),
      meteredMsPerToken: (latestReading()?.decodeMs ?? 0) / Math.max(1, decodes + 1),
    };
  } finally {
    meter.dispose();
    if (!signal.aborted) await conversation.close();
  }
}
