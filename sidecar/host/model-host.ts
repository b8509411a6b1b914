import { isDeepStrictEqual } from "node:util";
import type { MeterReading } from "../../protocol/meter.ts";
import type { ModelConfig, ModelStatus } from "../../protocol/model.ts";
import type { LoadEngine } from "../engine/engine.ts";
import type { Hold, JobOptions } from "../lane/job.ts";
import type { Lane } from "../lane/lane.ts";
import { Refusal } from "../refusal.ts";
import { Turns } from "../turn/turns.ts";
import { DriftRecords } from "./drift-records.ts";
import { IdleWork } from "./idle-work.ts";
import { Keeping } from "./keeping.ts";
import type { LoadedModel } from "./loaded-model.ts";
import type { StoreOwner } from "./store-owner.ts";

/** After this long without use the model leaves memory, unless the configuration says else. */
const KEEP_ALIVE_MS_DEFAULT = 15 * 60_000;

/** Whose work loading and unloading is, as far as the lane is concerned. */
const HOST_AGENT = "model";

export type UseOptions = JobOptions & { readonly onLoading?: (share: number) => void };

/**
 * Owns the one model in memory: loads it when it is needed, unloads it when it is not. Loading and
 * unloading take the lane like any other job, so neither meets an answer half way.
 */
export class ModelHost {
  readonly #loadEngine: LoadEngine;
  readonly #lane: Lane;
  readonly #onStatus: (status: ModelStatus) => void;
  #config: ModelConfig = { path: null };
  #status: ModelStatus = { state: "unset" };
  #loaded: (LoadedModel & { readonly config: ModelConfig }) | null = null;
  #idleTimer: NodeJS.Timeout | null = null;
  readonly #closing = new AbortController();
  readonly #idleWork: IdleWork;
  #drift = new DriftRecords(null);
  readonly #keeping: Keeping;

  constructor(options: {
    readonly loadEngine: LoadEngine;
    readonly lane: Lane;
    readonly store: StoreOwner;
    readonly onStatus: (status: ModelStatus) => void;
    /** What the model has done by itself while nobody wanted it. */
    readonly onIdleWork?: (reading: MeterReading) => void;
  }) {
    this.#loadEngine = options.loadEngine;
    this.#lane = options.lane;
    this.#onStatus = options.onStatus;
    this.#keeping = new Keeping(options.store, options.lane);
    this.#idleWork = new IdleWork({
      isIdle: () => this.#lane.isIdle,
      hasWork: () => this.loaded?.turns.canFold === true || this.loaded?.turns.canSave === true,
      work: async (signal) => {
        if (this.loaded?.turns.canFold === true) options.onIdleWork?.(await this.#fold());
        if (!signal.aborted) await this.#save(signal);
      },
      onFailed: (error) => process.stderr.write(`Work while idle failed: ${String(error)}\n`),
    });
  }

  get status(): ModelStatus {
    return this.#status;
  }

  /** What is in memory now and matches the configuration. */
  get loaded(): LoadedModel | null {
    return this.#loaded !== null && sameModel(this.#loaded.config, this.#config)
      ? this.#loaded
      : null;
  }

  /** Where the drift of models is kept that are loaded from now on. */
  keepDriftIn(path: string): void {
    this.#drift = new DriftRecords(path);
  }

  /** Takes effect with the next request; a model that no longer fits leaves memory at once. */
  configure(config: ModelConfig): ModelStatus {
    const same = sameModel(config, this.#config);
    this.#config = config;
    if (same && this.#status.state !== "failed") {
      this.#armIdleTimer();
      return this.#status;
    }
    this.#setStatus(this.#restingStatus());
    if (this.#loaded !== null) void this.#unloadIf(() => this.loaded === null);
    return this.#status;
  }

  /** Runs a job on the model in its turn, loading it first if it is not in memory. */
  async use<T>(
    options: UseOptions,
    job: (model: LoadedModel, hold: Hold) => Promise<T>,
  ): Promise<T> {
    this.#idleWork.giveWay();
    return await this.#use(options, job);
  }

  async #use<T>(
    options: UseOptions,
    job: (model: LoadedModel, hold: Hold) => Promise<T>,
  ): Promise<T> {
    const signal = AbortSignal.any([options.signal, this.#closing.signal]);
    return await this.#lane.run({ ...options, signal }, async (hold) => {
      this.#disarmIdleTimer();
      try {
        // Nobody else may be in the middle of an answer when models are exchanged.
        if (this.loaded === null) await hold.alone();
        // Who gives way to this job's better wants the model too, so its loading goes on.
        const model = this.loaded ?? (await this.#load(signal, options.onLoading));
        return await job(model, hold);
      } finally {
        this.#armIdleTimer();
        this.#idleWork.noteUse();
      }
    });
  }

  async #fold(): Promise<MeterReading> {
    const { signal } = new AbortController();
    const fold = { priority: "fold", agent: HOST_AGENT, signal } as const;
    return await this.#use(fold, async ({ turns }, hold) => turns.fold(hold.signal));
  }

  async #save(signal: AbortSignal): Promise<void> {
    const model = this.loaded;
    if (model === null) return;
    await this.#keeping.saveIdle(model, signal, () => this.loaded === model);
  }

  /** The store is another one now. */
  async keepAnew(): Promise<void> {
    const model = this.loaded;
    if (model !== null) await this.#keeping.attach(model);
    this.#idleWork.noteUse();
  }

  /** The store was emptied. What every chat begins with is kept again; chats, once they go on. */
  noteCleared(): void {
    this.loaded?.turns.forgetFronts();
  }

  /** Cancels whatever runs or waits and frees the memory, for good. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#idleWork.stop();
    await this.unload();
  }

  /** Frees the memory. The next request loads the model again. */
  async unload(): Promise<void> {
    this.#disarmIdleTimer();
    await this.#alone(() => this.#dispose());
  }

  /** Asks again when its turn has come: a job before it may have put the model to use. */
  async #unloadIf(stale: () => boolean): Promise<void> {
    try {
      await this.#alone(async () => {
        if (stale()) await this.#dispose();
      });
    } catch (error) {
      // In a full lane the next job exchanges a stale model, and an idle one is not idle.
      if (!(error instanceof Refusal)) throw error;
    }
  }

  async #alone(job: () => Promise<void>): Promise<void> {
    const { signal } = new AbortController();
    await this.#lane.run({ priority: "answer", agent: HOST_AGENT, signal }, async (hold) => {
      await hold.alone();
      await job();
    });
  }

  async #load(
    signal: AbortSignal,
    onLoading: ((share: number) => void) | undefined,
  ): Promise<LoadedModel> {
    await this.#dispose();
    const config = this.#config;
    const { path } = config;
    if (path === null) {
      this.#setStatus({ state: "unset" });
      throw new Refusal("modelNotSet", "No model file is chosen.");
    }
    try {
      this.#setStatus({ state: "loading", path, share: 0 });
      const engine = await this.#loadEngine(
        { ...config, path },
        {
          signal,
          beforeDecode: this.#lane.beforeDecode,
          onProgress: (share) => {
            this.#setStatus({ state: "loading", path, share });
            onLoading?.(share);
          },
        },
      );
      const logDrift = this.#drift.logOf(engine.facts.fingerprint);
      this.#loaded = { engine, turns: new Turns(engine, logDrift), config };
      // Nothing else has the model yet, so its cells may be played with.
      await (await this.#keeping.attach(this.#loaded))?.rehearse();
    } catch (error) {
      const outdated = !sameModel(config, this.#config);
      if (error instanceof Refusal && outdated) return await this.#load(signal, onLoading);
      if (error instanceof Refusal) {
        this.#setStatus({ state: "failed", path, error: error.data });
      } else this.#setStatus(this.#restingStatus());
      throw error;
    }
    // Another model may have been configured meanwhile.
    if (this.loaded === null) return await this.#load(signal, onLoading);
    this.#setStatus(this.#restingStatus());
    return this.loaded;
  }

  async #dispose(): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === null) return;
    this.#loaded = null;
    await this.#keeping.saveLast(loaded);
    await loaded.engine.dispose();
    if (this.#status.state === "ready") this.#setStatus(this.#restingStatus());
  }

  #restingStatus(): ModelStatus {
    if (this.loaded !== null) return { state: "ready", facts: this.loaded.engine.facts };
    const { path } = this.#config;
    return path === null ? { state: "unset" } : { state: "unloaded", path };
  }

  #setStatus(status: ModelStatus): void {
    if (isDeepStrictEqual(status, this.#status)) return;
    this.#status = status;
    this.#onStatus(status);
  }

  #armIdleTimer(): void {
    this.#disarmIdleTimer();
    const keepAliveMs = this.#config.keepAliveMs ?? KEEP_ALIVE_MS_DEFAULT;
    if (keepAliveMs === 0 || this.#loaded === null) return;
    this.#idleTimer = setTimeout(() => {
      this.#idleTimer = null;
      void this.#unloadIf(() => this.#idleTimer === null);
    }, keepAliveMs);
    this.#idleTimer.unref();
  }

  #disarmIdleTimer(): void {
    if (this.#idleTimer !== null) clearTimeout(this.#idleTimer);
    this.#idleTimer = null;
  }
}

function sameModel(a: ModelConfig, b: ModelConfig): boolean {
  return isDeepStrictEqual({ ...a, keepAliveMs: undefined }, { ...b, keepAliveMs: undefined });
}
