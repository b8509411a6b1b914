import { randomUUID } from "node:crypto";
import type { Connection, InitializeResult } from "vscode-languageserver/node";
import {
  ChangeContext,
  ChangeContextParams,
  CloseContext,
  CloseContextParams,
  ContextAt,
  OpenContext,
  OpenContextParams,
} from "../../protocol/context.ts";
import { CountContext } from "../../protocol/count.ts";
import {
  Generate,
  GenerateParams,
  type GenerateResult,
  GenerateStream,
} from "../../protocol/generate.ts";
import { Handshake } from "../../protocol/handshake.ts";
import { InspectMachine, type MachineFacts } from "../../protocol/machine.ts";
import { Meter } from "../../protocol/meter.ts";
import {
  ClearCache,
  ConfigureModel,
  CountTokens,
  CountTokensParams,
  LoadModel,
  ModelConfig,
  ModelStatusChanged,
} from "../../protocol/model.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { Warm, WarmParams, type WarmResult } from "../../protocol/warm.ts";
import type { LoadEngine } from "../engine/engine.ts";
import type { LoadedModel } from "../host/loaded-model.ts";
import { ModelHost, type UseOptions } from "../host/model-host.ts";
import type { JobTiming } from "../lane/job.ts";
import { Lane } from "../lane/lane.ts";
import { type OpenStore, StoreOwner } from "../host/store-owner.ts";
import { Refusal } from "../refusal.ts";
import { Contexts } from "./contexts.ts";
import { countContext } from "./count-context.ts";
import { PacedEvents } from "./paced-events.ts";
import { asResponseError, firstIssueOf, handle, handleBare } from "./handle.ts";
import { handleStore } from "./handle-store.ts";
import { Unread } from "./unread.ts";

/** Whose requests about the model itself are. */
const MODEL_AGENT = "model";

/** What the real engine offers; the composition root says where it comes from. */
export type Backend = {
  readonly loadEngine: LoadEngine;
  readonly openStore: OpenStore;
  readonly inspectMachine: () => Promise<MachineFacts>;
};

export type Served = {
  /** Ends what runs, keeps what is worth it and frees the memory, for good. */
  readonly close: () => Promise<void>;
};

/** Answers every message of the protocol on one connection, with one model and one store behind it. */
export function serve(
  connection: Connection,
  { loadEngine, openStore, inspectMachine }: Backend,
): Served {
  const contexts = new Contexts();
  const store = new StoreOwner(openStore, (sentence) => connection.console.warn(sentence));
  const host = new ModelHost({
    loadEngine,
    store,
    lane: new Lane({ onEnded: (timing) => connection.console.debug(timingLine(timing)) }),
    onStatus: (status) => void connection.sendNotification(ModelStatusChanged, status),
    onIdleWork: (reading) => void connection.sendNotification(Meter, reading),
  });
  handleHandshake(connection, host, store);
  handleContexts(connection, contexts);
  handleCounting(connection, host, contexts);
  handleModel(connection, host);
  handleBare(connection, InspectMachine, inspectMachine);
  handleTurns(connection, host, contexts);
  handleStore(connection, store, host);
  return {
    close: async () => {
      await host.close();
      await store.close();
    },
  };
}

function handleHandshake(connection: Connection, host: ModelHost, store: StoreOwner): void {
  connection.onInitialize((params): InitializeResult => {
    const { driftFile, model, ...choices } = agree(params.initializationOptions);
    if (driftFile !== undefined) host.keepDriftIn(driftFile);
    host.configure(model);
    store.configure(choices.store ?? null);
    return { capabilities: {}, serverInfo: { name: "Kvasir sidecar" } };
  });
}

/** What both sides speak is looked at first: another version may have other settings. */
function agree(options: unknown): Handshake {
  const version = Handshake.pick({ protocolVersion: true }).safeParse(options).data
    ?.protocolVersion;
  if (version !== PROTOCOL_VERSION) {
    const sentence = `This sidecar speaks version ${PROTOCOL_VERSION} of the protocol, the client version ${version ?? "unknown"}.`;
    throw asResponseError(new Refusal("protocolVersion", sentence));
  }
  const parsed = Handshake.safeParse(options);
  if (parsed.success) return parsed.data;
  const sentence = `The configuration cannot be used: ${firstIssueOf(parsed.error)}.`;
  throw asResponseError(new Refusal("badSetting", sentence));
}

function handleContexts(connection: Connection, contexts: Contexts): void {
  handle(connection, OpenContext, OpenContextParams, (params) => {
    contexts.open(params);
    return null;
  });
  handle(connection, ChangeContext, ChangeContextParams, (params) => {
    contexts.change(params);
    return null;
  });
  handle(connection, CloseContext, CloseContextParams, ({ contextId }) => {
    contexts.close(contextId);
    return null;
  });
}

/** Counting needs only the vocabulary, so it never waits for an answer in progress. */
function handleCounting(connection: Connection, host: ModelHost, contexts: Contexts): void {
  const loaded = async (signal: AbortSignal): Promise<LoadedModel> =>
    // Counting needs only the vocabulary, so it never waits for an answer in progress.
    host.loaded ??
    (await host.use({ priority: "answer", agent: MODEL_AGENT, signal }, async (model) => model));
  handle(connection, CountTokens, CountTokensParams, async ({ texts }, signal) => {
    const { turns } = await loaded(signal);
    return { counts: texts.map((text) => turns.countTokens(text)) };
  });
  handle(connection, CountContext, ContextAt, async (at, signal) => {
    const window = contexts.at(at);
    const { turns, engine } = await loaded(signal);
    const { fingerprint, windowTokens } = engine.facts;
    const countTokens = (text: string): number => turns.countTokens(text);
    return countContext(window, { fingerprint, windowTokens, countTokens });
  });
}

function handleModel(connection: Connection, host: ModelHost): void {
  handle(connection, ConfigureModel, ModelConfig, (config) => host.configure(config));
  handleBare(connection, LoadModel, async (signal) =>
    host.use(
      { priority: "answer", agent: MODEL_AGENT, signal },
      async ({ engine }) => engine.facts,
    ),
  );
  handleBare(connection, ClearCache, async (signal) => {
    if (host.loaded === null) return { droppedTokens: 0 };
    const request = { priority: "answer", agent: MODEL_AGENT, signal } as const;
    return await host.use(request, async ({ turns }, hold) => {
      await hold.alone();
      return { droppedTokens: await turns.clear() };
    });
  });
}

function handleTurns(connection: Connection, host: ModelHost, contexts: Contexts): void {
  handle(connection, Generate, GenerateParams, async (params, signal): Promise<GenerateResult> => {
    const receivedMs = performance.now();
    const window = contexts.at(params);
    const unread = new Unread();
    const events = new PacedEvents((event) => {
      unread.add(connection.sendProgress(GenerateStream, params.streamToken, event));
    });
    const onEvent = events.add;
    const request: UseOptions = {
      priority: "answer",
      agent: params.contextId,
      signal: AbortSignal.any([signal, unread.gaveUp]),
      onLoading: (share) => onEvent({ kind: "loading", share }),
    };
    const turn = await host
      .use(request, async ({ turns }, hold) => {
        unread.onBehind = hold.pauseUntil;
        return await turns.generate({
          ...params,
          window,
          receivedMs,
          onEvent,
          signal: hold.signal,
          sharing: hold,
        });
      })
      .finally(() => {
        events.flush();
        unread.dispose();
      });
    const generationId = randomUUID();
    contexts.remember(generationId, turn.said);
    void connection.sendNotification(Meter, turn.reading);
    const { usage, firstTokenMs } = turn.reading;
    const { generated } = turn.said;
    return { generationId, stop: turn.stop, generated, usage, firstTokenMs };
  });
  handle(connection, Warm, WarmParams, async (params, signal): Promise<WarmResult> => {
    const window = contexts.at(params);
    const agent = params.contextId;
    const reading = await host.use(
      { priority: "warm", agent, signal, replaces: true },
      async ({ turns }, hold) => turns.warm({ ...params, window, signal: hold.signal }),
    );
    // Where nothing was read back, nothing has happened.
    const { usage } = reading;
    const happened = params.storedOnly !== true || usage.restoredTokens > 0;
    if (happened) void connection.sendNotification(Meter, reading);
    return { usage };
  });
}

function timingLine({ priority, agent, waitedMs, heldMs, turns }: JobTiming): string {
  return `${priority} of ${agent}: waited ${waitedMs.toFixed(0)} ms, held the model ${heldMs.toFixed(0)} ms in ${turns} turns`;
}
