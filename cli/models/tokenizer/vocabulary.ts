import type { Metadata } from "../gguf-metadata.ts";
import {
  boolValue,
  int32ArrayValue,
  stringArrayValue,
  stringValue,
  uint32Value,
} from "../gguf-metadata.ts";
import { byteTokens } from "./byte-to-unicode.ts";

// The token types of llama.cpp's `llama_token_type`.
const tokenTypes = { normal: 1, control: 3, userDefined: 4 } as const;

// llama.cpp matches control tokens only where special parsing is asked for, and user-defined ones in
// any text. The marks of tools and thoughts are user-defined, so that they are also visible output.
const specialTokens: readonly (readonly [string, number])[] = [
  ["<|endoftext|>", tokenTypes.control],
  ["<|im_start|>", tokenTypes.control],
  ["<|im_end|>", tokenTypes.control],
  ["<tool_call>", tokenTypes.userDefined],
  ["</tool_call>", tokenTypes.userDefined],
  ["<tool_response>", tokenTypes.userDefined],
  ["</tool_response>", tokenTypes.userDefined],
  ["<think>", tokenTypes.userDefined],
  ["</think>", tokenTypes.userDefined],
];

/** Every token in the order of its number, with the type of each, and the merges. */
export interface Vocabulary {
  readonly tokens: readonly string[];
  readonly tokenTypes: readonly number[];
  readonly merges: readonly string[];
}

/** Orders the tokens: bytes, then merged tokens in merge order, then special tokens. */
export function buildVocabulary(merges: readonly string[]): Vocabulary {
  // Two merges may spell the same token, which is listed once.
  const mergedTokens = merges.map((merge) => merge.replace(" ", ""));
  const plainTokens = [...new Set([...byteTokens, ...mergedTokens])];
  return {
    tokens: [...plainTokens, ...specialTokens.map(([text]) => text)],
    tokenTypes: [
      ...plainTokens.map(() => tokenTypes.normal),
      ...specialTokens.map(([, type]) => type),
    ],
    merges,
  };
}

/** The GGUF metadata of the tokenizer and its chat template. */
export function tokenizerMetadata(vocabulary: Vocabulary, chatTemplate: string): Metadata {
  function tokenNumber(text: string) {
    return uint32Value(vocabulary.tokens.lastIndexOf(text));
  }
  return [
    ["tokenizer.ggml.model", stringValue("gpt2")],
    ["tokenizer.ggml.pre", stringValue("qwen2")],
    ["tokenizer.ggml.tokens", stringArrayValue(vocabulary.tokens)],
    ["tokenizer.ggml.token_type", int32ArrayValue(vocabulary.tokenTypes)],
    ["tokenizer.ggml.merges", stringArrayValue(vocabulary.merges)],
    ["tokenizer.ggml.bos_token_id", tokenNumber("<|endoftext|>")],
    ["tokenizer.ggml.eos_token_id", tokenNumber("<|im_end|>")],
    ["tokenizer.ggml.eot_token_id", tokenNumber("<|im_end|>")],
    ["tokenizer.ggml.padding_token_id", tokenNumber("<|endoftext|>")],
    ["tokenizer.ggml.add_bos_token", boolValue(false)],
    ["tokenizer.chat_template", stringValue(chatTemplate)],
  ];
}
