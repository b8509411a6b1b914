import { Sampling } from "../../protocol/generate.ts";
import * as z from "zod";

export type TurnOptions = {
  readonly sampling: Sampling;
  readonly maxTokens?: number;
  readonly stopSequences?: readonly string[];
};

/** The names that callers of the language model API use for the same option. */
const NAMES = {
  temperature: ["temperature"],
  topP: ["topP", "top_p"],
  topK: ["topK", "top_k"],
  minP: ["minP", "min_p"],
  seed: ["seed"],
} as const;
const MAX_TOKENS_NAMES = ["maxTokens", "max_tokens", "maxOutputTokens"];
const STOP_NAMES = ["stop", "stopSequences"];

const MaxTokens = z.int().positive();
const Stop = z.union([
  z
    .string()
    .min(1)
    .transform((sequence) => [sequence]),
  z.array(z.string().min(1)).min(1).max(16),
]);

/** The user's settings, with whatever valid options a caller gave in their place. */
export function withModelOptions(
  settings: TurnOptions,
  modelOptions: Readonly<Record<string, unknown>> = {},
): TurnOptions {
  const sampling: Record<string, number> = {};
  for (const [field, names] of Object.entries(NAMES)) {
    const parsed = Sampling.safeParse({ [field]: firstOf(modelOptions, names) });
    if (parsed.success) Object.assign(sampling, parsed.data);
  }
  const maxTokens = MaxTokens.safeParse(firstOf(modelOptions, MAX_TOKENS_NAMES));
  const stop = Stop.safeParse(firstOf(modelOptions, STOP_NAMES));
  return {
    ...settings,
    sampling: { ...settings.sampling, ...withoutUndefined(sampling) },
    ...(maxTokens.success ? { maxTokens: maxTokens.data } : {}),
    ...(stop.success ? { stopSequences: stop.data } : {}),
  };
}

function firstOf(options: Readonly<Record<string, unknown>>, names: readonly string[]): unknown {
  const name = names.find((candidate) => options[candidate] !== undefined);
  return name === undefined ? undefined : options[name];
}

function withoutUndefined(sampling: Readonly<Record<string, number | undefined>>): Sampling {
  return Object.fromEntries(Object.entries(sampling).filter(([, value]) => value !== undefined));
}
