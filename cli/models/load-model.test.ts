import type { Token } from "node-llama-cpp";
import {
  getLlama,
  JinjaTemplateChatWrapper,
  LlamaLogLevel,
  resolveChatWrapper,
} from "node-llama-cpp";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensureModel } from "./ensure-model.ts";
import { createTemporaryFolder } from "./temporary-folder.test-support.ts";

const folder = createTemporaryFolder();

async function load() {
  const llama = await getLlama({ gpu: false, build: "never", logLevel: LlamaLogLevel.error });
  const model = await llama.loadModel({ modelPath: await ensureModel("tiny", { folder }) });
  return { llama, model };
}

let loaded: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  loaded = await load();
});

afterAll(async () => {
  await loaded.llama.dispose();
});

async function generate(prompt: string, tokenCount: number): Promise<Token[]> {
  const { llama, model } = loaded;
  const context = await model.createContext({ contextSize: 256, threads: llama.cpuMathCores });
  const tokens: Token[] = [];
  for await (const token of context.getSequence().evaluate(model.tokenize(prompt))) {
    tokens.push(token);
    if (tokens.length === tokenCount) break;
  }
  await context.dispose();
  return tokens;
}

function roundTrip(text: string): string {
  return loaded.model.detokenize(loaded.model.tokenize(text));
}

function bytesPerToken(text: string): number {
  return Buffer.byteLength(text) / loaded.model.tokenize(text).length;
}

const source = readFileSync(new URL("./ensure-model.ts", import.meta.url), "utf8");

test("the model generates different tokens, and the same ones each time", async () => {
  const tokens = await generate("export function add(", 24);
  expect(tokens).toHaveLength(24);
  expect(new Set(tokens).size).toBeGreaterThan(4);
  expect(await generate("export function add(", 24)).toEqual(tokens);
});

test.each([
  ["code", source],
  ["prose", "It's the model's answer: we'll see, they've 1,234 reasons.  \n\n\tIndented."],
  ["unicode", "Grüße, naïve café — “quoted” … 数据 текст עברית"],
  ["emoji", "👩🏽‍💻🏳️‍🌈🦊 e\u0301 \u{10FFFF} \u0000\u0007"],
  ["Windows line ends", "first\r\n\r\n  second\r\n\tthird\r\n"],
])("%s survives tokenization", (_, text) => {
  expect(roundTrip(text)).toBe(text);
});

test("code and prose take well over two and a half bytes for each token", () => {
  expect(bytesPerToken(source)).toBeGreaterThan(2.5);
  expect(
    bytesPerToken("The server starts when the editor opens a folder, and stops when it closes."),
  ).toBeGreaterThan(2.5);
});

test("control tokens are one token with special parsing and plain text without", () => {
  for (const text of ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]) {
    expect(loaded.model.tokenize(text, true)).toHaveLength(1);
    expect(loaded.model.tokenize(text, false).length).toBeGreaterThan(1);
    expect(roundTrip(text)).toBe(text);
  }
});

test("the marks of tools and thoughts are one token in any text", () => {
  for (const name of ["tool_call", "tool_response", "think"]) {
    for (const text of [`<${name}>`, `</${name}>`]) {
      expect(loaded.model.tokenize(text, true)).toHaveLength(1);
      expect(loaded.model.tokenize(text, false)).toHaveLength(1);
    }
  }
});

test("the end-of-turn token ends the generation", () => {
  const [endOfTurn] = loaded.model.tokenize("<|im_end|>", true);
  expect(loaded.model.tokens.eos).toBe(endOfTurn);
  expect(loaded.model.tokens.eot).toBe(endOfTurn);
  expect(loaded.model.isEogToken(endOfTurn)).toBe(true);
  expect(loaded.model.tokens.shouldPrependBosToken).toBe(false);
});

test("the template in the model's file works as a chat wrapper", () => {
  const wrapper = resolveChatWrapper(loaded.model, { type: "jinjaTemplate" });
  expect(wrapper).toBeInstanceOf(JinjaTemplateChatWrapper);
  expect((wrapper as JinjaTemplateChatWrapper).usingJinjaFunctionCallTemplate).toBe(true);
});
