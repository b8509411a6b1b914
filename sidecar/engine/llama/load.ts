import {
  getLlama,
  GgufInsights,
  type Llama,
  type LlamaContext,
  LlamaLogLevel,
  type LlamaModel,
} from "node-llama-cpp";
import type { CacheType, ModelConfig, ModelFacts } from "../../../protocol/model.ts";
import { Refusal } from "../../refusal.ts";
import type { LoadEngine } from "../engine.ts";
import { type Capabilities, capabilitiesOf } from "./capabilities.ts";
import { type Fit, fit } from "./fit.ts";
import { hookDecodes } from "./internals.ts";
import { LlamaEngine } from "./llama-engine.ts";
import { freeMemoryBytes } from "./memory.ts";
import { type ModelFile, readModelFile } from "./model-file.ts";

/** Tokens that one native call decodes; also the most that a cancel has to wait for. */
const BATCH_TOKENS = 512;

/** The most that kept states may take, however much memory there is. */
const CHECKPOINT_BYTES_MAX = 1 << 30;
/** Share of the memory that is left beside model and cache. */
const CHECKPOINT_MEMORY_SHARE = 0.5;

/** The build for Apple silicon always has Metal in it; with no layers on the GPU it is not used. */
const METAL_ONLY = process.platform === "darwin" && process.arch === "arm64";

/** Cells beyond the trained context hold parked branches; positions never go there. */
const HARMLESS = /n_ctx_seq \(\d+\) > n_ctx_train/u;

const UNKNOWN_ARCHITECTURE = /unknown model architecture: '([\w.-]{1,40})'/u;

const CACHE_TYPES = { f16: "F16", q8_0: "Q8_0", q4_0: "Q4_0" } as const;

/** Loads a GGUF file with node-llama-cpp: on the GPU where there is one, else on the CPU. */
export const loadLlama: LoadEngine = async (config, { onProgress, signal, beforeDecode }) => {
  const file = await readModelFile(config.path);
  const log = new NativeLog();
  const llama = await getLlama({
    gpu: config.gpuLayers === 0 && !METAL_ONLY ? false : "auto",
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.warn,
    logger: (_level, message) => log.add(message),
  });
  let model: LlamaModel | null = null;
  try {
    const cacheType = config.cacheType ?? "f16";
    const insights = await GgufInsights.from(file.info, llama);
    const capabilities = capabilitiesOf({
      architecture: file.architecture,
      recurrent: insights.isRecurrent,
      hybrid: insights.isHybrid,
      trainedTokens: file.trainedTokens,
      cacheType,
      metadata: file.info.architectureMetadata,
    });
    const memory = await fitToMemory(llama, insights, file, config, { cacheType, capabilities });
    const { checkpointBytesMax, ...fitted } = memory;
    model = await llama.loadModel({
      modelPath: config.path,
      gpuLayers: config.gpuLayers ?? { fitContext: { contextSize: fitted.cellsTokens } },
      loadSignal: signal,
      onLoadProgress: onProgress,
    });
    const threads = config.threads ?? llama.cpuMathCores;
    const options = { threads, cacheType, capabilities, signal };
    const context = await createContext(model, fitted, options);
    const clock = hookDecodes(context, beforeDecode);
    const used = { ...fitted, cacheType, threads, cellReuse: capabilities.reuse };
    const facts = factsOf(config.path, file, model, used);
    const { template } = file;
    return new LlamaEngine({
      llama,
      model,
      context,
      clock,
      facts,
      template,
      capabilities,
      checkpointBytesMax,
    });
  } catch (error) {
    await model?.dispose();
    await llama.dispose();
    if (error instanceof Refusal || signal.aborted) throw error;
    throw new Refusal("modelUnreadable", `${file.name} could not be loaded: ${log.clause}.`);
  }
};

async function createContext(
  model: LlamaModel,
  { cellsTokens }: Fit,
  options: {
    readonly threads: number;
    readonly cacheType: CacheType;
    readonly capabilities: Capabilities;
    readonly signal: AbortSignal;
  },
): Promise<LlamaContext> {
  const type = CACHE_TYPES[options.cacheType];
  return await model.createContext({
    contextSize: cellsTokens,
    // One KV stream: further sequence ids are then metadata only, and cells can be shared.
    sequences: 1,
    batchSize: Math.min(BATCH_TOKENS, cellsTokens),
    flashAttention: true,
    swaFullCache: options.capabilities.wholeWindow,
    threads: options.threads,
    createSignal: options.signal,
    failedCreationRemedy: false,
    experimentalKvCacheKeyType: type,
    experimentalKvCacheValueType: type,
  });
}

async function fitToMemory(
  llama: Llama,
  insights: GgufInsights,
  file: ModelFile,
  config: ModelConfig,
  used: { readonly cacheType: CacheType; readonly capabilities: Capabilities },
): Promise<Fit & { readonly checkpointBytesMax: number }> {
  const { cacheType, capabilities } = used;
  const cacheGgmlType = { f16: 1, q8_0: 8, q4_0: 2 }[cacheType];
  const free = freeMemoryBytes();
  const freeBytes = llama.gpu === false ? free : free + (await llama.getVramState()).free;
  const bytesFor = (contextSize: number): number => {
    const { cpuRam, gpuVram } = insights.estimateContextResourceRequirements({
      contextSize,
      modelGpuLayers: 0,
      batchSize: BATCH_TOKENS,
      sequences: 1,
      flashAttention: true,
      swaFullCache: capabilities.wholeWindow,
      kvCacheKeyType: cacheGgmlType,
      kvCacheValueType: cacheGgmlType,
    });
    return file.bytes + cpuRam + gpuVram;
  };
  const fitted = fit({
    trainedTokens: file.trainedTokens,
    requestedTokens: config.windowTokens,
    freeBytes,
    bytesFor,
  });
  const spareBytes = Math.max(0, freeBytes - bytesFor(fitted.cellsTokens));
  const checkpointBytesMax = Math.min(CHECKPOINT_BYTES_MAX, spareBytes * CHECKPOINT_MEMORY_SHARE);
  return { ...fitted, checkpointBytesMax };
}

function factsOf(
  path: string,
  file: ModelFile,
  model: LlamaModel,
  used: Fit & Pick<ModelFacts, "cacheType" | "cellReuse" | "threads">,
): ModelFacts {
  const { info: _info, template: _template, ...said } = file;
  const { gpu } = model.llama;
  return {
    ...said,
    ...used,
    path,
    gpu: gpu === false ? null : gpu,
    gpuLayers: model.gpuLayers,
  };
}

/** What llama.cpp complains about goes to stderr. */
class NativeLog {
  /** Why a model could not be loaded, as far as people can do something about it. */
  clause = "the log has the details";

  add(message: string): void {
    if (HARMLESS.test(message)) return;
    const architecture = UNKNOWN_ARCHITECTURE.exec(message)?.[1];
    if (architecture !== undefined) {
      this.clause = `this version of llama.cpp does not know the architecture “${architecture}”`;
    }
    process.stderr.write(`${message.trimEnd()}\n`);
  }
}
