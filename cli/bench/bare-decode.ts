import {
  getLlama,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";
import { ChatTemplate } from "../../sidecar/prompt/template.ts";
import { renderPrompt } from "../../sidecar/prompt/render.ts";
import { TokenCache, tokenisePieces } from "../../sidecar/prompt/tokenise.ts";
import { type BareAnswer, BareRequest, type BareSettings } from "./bare-messages.ts";
import { promptSegment } from "./prompt.ts";

/**
 * The bare decode loop, a process of its own like the sidecar: the library and nothing else. It is
 * what the sidecar is measured against.
 */

const CACHE_TYPES = { f16: "F16", q8_0: "Q8_0", q4_0: "Q4_0" } as const;
const BATCH_TOKENS = 512;

type Loaded = {
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly prompt: readonly Token[];
};

let loaded: Loaded | null = null;

process.on("disconnect", () => process.exit(0));
process.on("message", (message) => void answer(message));

async function answer(message: unknown): Promise<void> {
  const reply = await replyTo(BareRequest.parse(message)).catch((error: unknown): BareAnswer => ({
    kind: "failed",
    message: error instanceof Error ? error.message : String(error),
  }));
  process.send?.(reply);
}

async function replyTo(request: BareRequest): Promise<BareAnswer> {
  if (request.kind === "load") {
    loaded = await load(request.settings);
    return { kind: "loaded" };
  }
  if (loaded === null) throw new Error("No model is loaded.");
  return await decode(loaded, request.tokensMax);
}

async function load(settings: BareSettings): Promise<Loaded> {
  const { modelPath, fingerprint, threads, gpuLayers, cellsTokens, promptText } = settings;
  const llama = await getLlama({
    gpu: settings.useGpu ? "auto" : false,
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.error,
  });
  const model = await llama.loadModel({ modelPath, gpuLayers });
  const context = await model.createContext({
    contextSize: cellsTokens,
    sequences: 1,
    batchSize: Math.min(BATCH_TOKENS, cellsTokens),
    flashAttention: true,
    threads,
    experimentalKvCacheKeyType: CACHE_TYPES[settings.cacheType],
    experimentalKvCacheValueType: CACHE_TYPES[settings.cacheType],
  });
  const prompt = promptTokens(model, promptText, fingerprint);
  return { model, sequence: context.getSequence(), prompt };
}

/** The ids that the sidecar makes of the same context, so that both decode the same. */
function promptTokens(model: LlamaModel, text: string, fingerprint: string): readonly Token[] {
  const { bos, bosString, eosString, shouldPrependBosToken } = model.tokens;
  const template = new ChatTemplate({
    template: model.fileInfo.metadata.tokenizer?.chat_template ?? null,
    writesTools: true,
    bosText: bosString ?? "",
    eosText: eosString ?? "",
    bosToken: shouldPrependBosToken ? bos : null,
  });
  const window = { version: 0, segments: [promptSegment(text)], tools: [] };
  const { pieces } = renderPrompt(template, window, fingerprint);
  const cache = new TokenCache({
    tokenize: (piece, { specials }) => model.tokenize(piece, specials, "trimLeadingSpace"),
    detokenize: (tokens) => model.detokenize(tokens as Token[], true),
  });
  const { tokens } = tokenisePieces(pieces, cache, shouldPrependBosToken ? bos : null);
  return tokens as Token[];
}

async function decode({ model, sequence, prompt }: Loaded, tokensMax: number): Promise<BareAnswer> {
  await sequence.clearHistory();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
  const tokens: Token[] = [];
  let firstMs = 0;
  let lastMs = 0;
  let sampled = 0;
  for await (const token of sequence.evaluate(prompt.slice(-1), {
    temperature: 0,
    yieldEogToken: true,
  })) {
    lastMs = performance.now();
    if (sampled === 0) firstMs = lastMs;
    sampled++;
    if (model.isEogToken(token)) break;
    tokens.push(token);
    if (sampled === tokensMax) break;
  }
  return { kind: "decoded", tokens, msPerToken: (lastMs - firstMs) / Math.max(1, sampled - 1) };
}
