import type { ModelConfig, ModelStatus } from "../../protocol/model.ts";
import type { LoadEngine } from "../engine/engine.ts";
import { loadSimulated } from "../engine/simulated/load-simulated.ts";
import type { SimulatedEngine } from "../engine/simulated/simulated-engine.ts";
import type { Hold } from "../lane/job.ts";
import { Lane } from "../lane/lane.ts";
import { BlockStore } from "../store/block-store.ts";
import type { LoadedModel } from "./loaded-model.ts";
import { ModelHost } from "./model-host.ts";
import { StoreOwner } from "./store-owner.ts";

/** A host, every engine that it has loaded, and every status that it has told. */
export class Hosted {
  readonly engines: SimulatedEngine[] = [];
  readonly statuses: ModelStatus[] = [];
  readonly said: string[] = [];
  readonly host: ModelHost;
  /** Called at the start of each load. */
  beforeLoad: (signal: AbortSignal) => Promise<void> = async () => undefined;

  constructor(config: ModelConfig = { path: "a.gguf" }) {
    const load = loadSimulated({ onLoaded: (engine) => this.engines.push(engine) });
    const loadEngine: LoadEngine = async (model, options) => {
      await this.beforeLoad(options.signal);
      return await load(model, options);
    };
    this.host = new ModelHost({
      loadEngine,
      lane: new Lane(),
      store: new StoreOwner(BlockStore.open, (sentence) => this.said.push(sentence)),
      onStatus: (status) => this.statuses.push(status),
    });
    this.host.configure(config);
  }

  async use<T>(job: (model: LoadedModel, hold: Hold) => Promise<T>): Promise<T> {
    const { signal } = new AbortController();
    return await this.host.use({ priority: "answer", agent: "a", signal }, job);
  }

  /** Answers the path of the model that a job is given. */
  async path(): Promise<string> {
    return await this.use(async ({ engine }) => engine.facts.path);
  }

  get states(): string[] {
    return this.statuses.map((status) => status.state);
  }

  get inMemory(): string[] {
    return this.engines.filter(({ disposed }) => !disposed).map(({ facts }) => facts.path);
  }
}
