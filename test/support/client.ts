import { expect } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import { type SidecarOptions, SidecarProcess } from "../../cli/sidecar-process.ts";
import { OpenContext } from "../../protocol/context.ts";
import { type ErrorData, errorDataOf } from "../../protocol/errors.ts";
import {
  Generate,
  type GenerateEvent,
  type GenerateParams,
  type GenerateResult,
  GenerateStream,
} from "../../protocol/generate.ts";
import { Meter, type MeterReading } from "../../protocol/meter.ts";
import type { ModelConfig } from "../../protocol/model.ts";
import type { Segment, Tool } from "../../protocol/segment.ts";

/**
 * Starts the built sidecar with a generated model, over the real protocol. One thread: two that
 * wait for each other crawl when something else runs on the machine.
 */
export async function startSidecar(
  model: string,
  config: Partial<ModelConfig> = {},
  options: SidecarOptions = {},
): Promise<SidecarProcess> {
  const path = await ensureModel(model);
  const defaults = { windowTokens: 2048, gpuLayers: 0, threads: 1 };
  return await SidecarProcess.start({ ...defaults, ...config, path }, options);
}

export function system(text: string, id = "system"): Segment {
  return { id, role: "system", kind: "instructions", stability: "core", text };
}

export function user(id: string, text: string): Segment {
  return { id, role: "user", kind: "message", stability: "recent", text };
}

export async function open(
  sidecar: SidecarProcess,
  contextId: string,
  segments: Segment[],
  tools: Tool[] = [],
): Promise<void> {
  await sidecar.request(OpenContext, { contextId, version: 1, segments, tools });
}

export type Answer = GenerateResult & {
  readonly events: readonly GenerateEvent[];
  readonly text: string;
  readonly reading: MeterReading | undefined;
};

let streams = 0;

/** One greedy turn with everything that came with it. */
export async function answer(
  sidecar: SidecarProcess,
  contextId: string,
  version: number,
  options: Partial<GenerateParams> & {
    readonly signal?: AbortSignal;
    readonly onEvent?: (event: GenerateEvent) => void;
  } = {},
): Promise<Answer> {
  const { signal, onEvent, ...params } = options;
  const streamToken = `test-${streams++}`;
  const events: GenerateEvent[] = [];
  const readings: MeterReading[] = [];
  const subscriptions = [
    sidecar.onProgress(GenerateStream, streamToken, (event) => {
      events.push(event);
      onEvent?.(event);
    }),
    sidecar.onNotification(Meter, (reading) => readings.push(reading)),
  ];
  try {
    const result = await sidecar.request(
      Generate,
      { contextId, version, streamToken, sampling: { temperature: 0 }, maxTokens: 8, ...params },
      signal,
    );
    const text = events.map((event) => (event.kind === "text" ? event.text : "")).join("");
    return { ...result, events, text, reading: readings.at(-1) };
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
  }
}

/** The typed error of a request that must fail. */
export async function errorOf(request: Promise<unknown>): Promise<ErrorData> {
  const error: unknown = await request.then(
    () => new Error("The request was served."),
    (reason: unknown) => reason,
  );
  const data = errorDataOf(error);
  if (data === undefined) throw error;
  // One sentence: it starts like one, ends like one and has no line of a stack trace.
  expect(data.message).toMatch(/^[^\n]+\.$/u);
  return data;
}
