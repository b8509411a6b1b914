import { ensureModel } from "../../cli/models/ensure-model.ts";
import type { ModelConfig } from "../../protocol/model.ts";
import type {
  AnswerPart,
  Engine,
  EngineOutcome,
  EngineRequest,
} from "../../sidecar/engine/engine.ts";
import { loadLlama } from "../../sidecar/engine/llama/load.ts";

/** Loads a generated model on the real engine, on the CPU, in a window that suits tests. */
export async function loadEngine(
  model: string,
  options: {
    readonly config?: Partial<ModelConfig>;
    readonly beforeDecode?: () => Promise<void> | undefined;
  } = {},
): Promise<Engine> {
  const path = await ensureModel(model);
  return await loadLlama(
    { windowTokens: 2048, gpuLayers: 0, threads: 1, ...options.config, path },
    {
      signal: new AbortController().signal,
      onProgress: () => undefined,
      beforeDecode: options.beforeDecode ?? (() => undefined),
    },
  );
}

export type Generation = EngineOutcome & {
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly { readonly name: string; readonly arguments: unknown }[];
  /** Tokens that the engine computed, the last one of the prompt included. */
  readonly evaluatedTokens: number;
};

/** Makes all of a prompt but its last token resident, then generates. */
export async function generate(
  engine: Engine,
  prompt: string,
  request: Partial<EngineRequest> & { readonly says?: string } = {},
): Promise<Generation> {
  const tokens = engine.tokenizer.tokenize(prompt, { specials: true });
  await engine.cells.trim(0);
  await engine.cells.decode(tokens.slice(0, -1));
  const before = engine.cells.evaluatedTokens();
  const parts: AnswerPart[] = [];
  const { says, ...rest } = request;
  const outcome = await engine.generate({
    prompt: tokens,
    tools: [],
    toolChoice: "auto",
    sampling: { temperature: 0 },
    maxTokens: 64,
    stopSequences: [],
    signal: new AbortController().signal,
    onToken: () => undefined,
    ...(says === undefined ? {} : { script: engine.tokenizer.tokenize(says, { specials: true }) }),
    ...rest,
    onPart: (part) => {
      parts.push(part);
      rest.onPart?.(part);
    },
  });
  const textOf = (kind: "text" | "reasoning"): string =>
    parts.map((part) => (part.kind === kind ? part.text : "")).join("");
  return {
    ...outcome,
    text: textOf("text"),
    reasoning: textOf("reasoning"),
    calls: parts.flatMap((part) => (part.kind === "toolCall" ? [part.call] : [])),
    evaluatedTokens: engine.cells.evaluatedTokens() - before,
  };
}

/** A prompt in the dialect of the generated models. */
export function ask(question: string): string {
  return `<|im_start|>user\n${question}<|im_end|>\n<|im_start|>assistant\n`;
}
