import { getLlama } from "node-llama-cpp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureModel } from "../../cli/models/ensure-model.ts";
import type { Tool } from "../../protocol/segment.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { ask, generate, type Generation, loadEngine } from "../support/engine.ts";

/**
 * What the driver promises on the real engine: ids are kept as generated and nothing is evaluated
 * twice. Random weights say nothing sensible, so where an answer must have a form it is scripted:
 * the ids are given, everything else is real.
 */
let engine: Engine;

beforeAll(async () => {
  engine = await loadEngine("tiny-reasoning");
});
afterAll(async () => {
  await engine.dispose();
});

const TOOLS: Tool[] = [
  {
    name: "read_file",
    description: "Reads a file.",
    parameters: {
      type: "object",
      properties: { path: { type: "string", maxLength: 8 }, line: { type: "integer" } },
      required: ["path", "line"],
    },
  },
  { name: "list_files", description: "Lists files." },
];

describe("a plain answer", () => {
  test("is what a bare decode loop generates from the same prompt", async () => {
    const answer = await generate(engine, ask("Say something."), { maxTokens: 24 });
    const bare = await bareGreedy(ask("Say something."), answer.tokens.length);
    expect(answer.tokens).toEqual(bare);
  });

  test("streams the text of exactly its ids", async () => {
    const answer = await generate(engine, ask("Hi"), {
      says: "One two,\n\n  three 👋🏽 ünï.<|im_end|>",
    });
    expect(answer.stop).toBe("end");
    expect(answer.text).toBe("One two,\n\n  three 👋🏽 ünï.");
    expect(engine.tokenizer.detokenize(answer.tokens)).toBe(answer.text);
  });

  test("leaves prompt and answer resident and evaluates each token once", async () => {
    const prompt = engine.tokenizer.tokenize(ask("Hi"), { specials: true });
    const answer = await generate(engine, ask("Hi"), { says: "Hello there.<|im_end|>" });
    expect(engine.cells.resident()).toEqual([...prompt, ...answer.tokens]);
    expect(answer.evaluatedTokens).toBe(1 + answer.tokens.length);
  });

  test("ends at the limit of tokens", async () => {
    const answer = await generate(engine, ask("Hi"), { says: "a b c d e f g", maxTokens: 3 });
    expect(answer.stop).toBe("maxTokens");
    expect(answer.tokens).toHaveLength(3);
  });

  test("is the same again with the same seed and temperature", async () => {
    const sampling = { temperature: 0.9, seed: 7 };
    const one = await generate(engine, ask("Hi"), { sampling, maxTokens: 16 });
    const two = await generate(engine, ask("Hi"), { sampling, maxTokens: 16 });
    expect(two.tokens).toEqual(one.tokens);
  });
});

describe("reasoning", () => {
  test("is told apart from the answer, and its ids are kept", async () => {
    const says = "<think>\nThe user greets.\n</think>\n\nHello.<|im_end|>";
    const answer = await generate(engine, ask("Hi"), { says });
    expect(answer.reasoning).toBe("The user greets.");
    expect(answer.text).toBe("Hello.");
    expect(engine.tokenizer.detokenize(answer.tokens)).toBe(says.replace("<|im_end|>", ""));
    expect(answer.evaluatedTokens).toBe(1 + answer.tokens.length);
  });
});

describe("stop sequences", () => {
  test("end the answer before them, also across tokens", async () => {
    const answer = await generate(engine, ask("Hi"), {
      says: "one two END three",
      stopSequences: ["two END"],
    });
    expect(answer.stop).toBe("stopSequence");
    expect(answer.text).toBe("one ");
    expect(engine.tokenizer.detokenize(answer.tokens).startsWith("one ")).toBe(true);
    expect(engine.tokenizer.detokenize(answer.tokens)).not.toContain("END");
  });

  test("that only begin to match hold nothing back", async () => {
    const says = "one two EN three<|im_end|>";
    const answer = await generate(engine, ask("Hi"), { says, stopSequences: ["END"] });
    expect(answer.stop).toBe("end");
    expect(answer.text).toBe("one two EN three");
  });
});

describe("a tool call", () => {
  test("opened by the model is completed under the grammar of the tools", async () => {
    const says = "I look.\n<tool_call>";
    const answer = await generate(engine, ask("Read."), { tools: TOOLS, says, maxTokens: 300 });
    expect(answer.stop).toBe("toolCalls");
    expect(answer.text).toBe("I look.\n");
    const [call] = answer.calls;
    expect(["read_file", "list_files"]).toContain(call?.name);
    expect(fitsItsSchema(call)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5])(
    "demanded is always valid JSON for its schema (seed %i)",
    async (seed) => {
      const answer = await generate(engine, ask("Read."), {
        tools: TOOLS.slice(0, 1),
        toolChoice: "required",
        sampling: { temperature: 1.2, seed },
        maxTokens: 400,
      });
      expect(answer.stop).toBe("toolCalls");
      for (const call of answer.calls) {
        expect(call.name).toBe("read_file");
        expect(fitsItsSchema(call)).toBe(true);
      }
    },
  );

  test("that has to be made and has no room for its beginning decodes nothing", async () => {
    const answer = await generate(engine, ask("Read."), {
      tools: TOOLS,
      toolChoice: "required",
      maxTokens: 1,
    });
    expect(answer).toMatchObject({ stop: "maxTokens", tokens: [], calls: [] });
  });

  test("keeps its ids and evaluates nothing twice", async () => {
    const prompt = engine.tokenizer.tokenize(ask("Read."), { specials: true });
    const says = "I look.\n<tool_call>";
    const answer = await generate(engine, ask("Read."), { tools: TOOLS, says, maxTokens: 300 });
    const resident = engine.cells.resident();
    expect(resident.slice(0, prompt.length)).toEqual(prompt);
    expect(resident.slice(prompt.length, prompt.length + answer.tokens.length)).toEqual(
      answer.tokens,
    );
    expect(answer.evaluatedTokens).toBe(resident.length - prompt.length + 1);
  });

  test("may be followed by another in the same answer", async () => {
    const call = (path: string): string =>
      `<tool_call>\n{"name": "read_file", "arguments": {"path": "${path}", "line": 1}}\n</tool_call>`;
    const says = `${call("a.ts")}\n${call("b{.ts")}<|im_end|>`;
    const answer = await generate(engine, ask("Read."), { tools: TOOLS, says, maxTokens: 300 });
    expect(answer.stop).toBe("toolCalls");
    expect(answer.calls.map((made) => made.arguments)).toEqual([
      { path: "a.ts", line: 1 },
      { path: "b{.ts", line: 1 },
    ]);
    expect(engine.tokenizer.detokenize(answer.tokens)).toBe(says.replace("<|im_end|>", ""));
  });

  test("that is none is shown as text, so that nothing said is lost", async () => {
    const says = '<tool_call>\n{"nome": "read_file"}\n</tool_call><|im_end|>';
    const answer = await generate(engine, ask("Read."), { tools: TOOLS, says, maxTokens: 300 });
    expect(answer.stop).toBe("end");
    expect(answer.calls).toEqual([]);
    expect(answer.text).toBe(says.replace("<|im_end|>", ""));
  });

  test("is not looked for when calls are forbidden", async () => {
    const says = "<tool_call> is a mark.<|im_end|>";
    const answer = await generate(engine, ask("Read."), { tools: TOOLS, toolChoice: "none", says });
    expect(answer.calls).toEqual([]);
    expect(answer.text).toBe("<tool_call> is a mark.");
  });
});

describe("an abort", () => {
  test("while decoding ends the answer with what there is", async () => {
    const controller = new AbortController();
    const answer = await generate(engine, ask("Hi"), {
      says: "a b c d e f g h i j",
      signal: controller.signal,
      onPart: (part) => {
        if (part.kind === "text" && part.text.includes("d")) controller.abort();
      },
    });
    expect(answer.stop).toBe("cancelled");
    expect(answer.text).toBe("a b c d");
    expect(engine.tokenizer.detokenize(answer.tokens)).toBe("a b c d");
  });

  test("before the first token leaves the prompt resident", async () => {
    const controller = new AbortController();
    controller.abort();
    const answer = await generate(engine, ask("Hi"), { signal: controller.signal });
    expect(answer.stop).toBe("cancelled");
    expect(answer.tokens).toEqual([]);
    const prompt = engine.tokenizer.tokenize(ask("Hi"), { specials: true });
    expect(engine.cells.resident()).toEqual(prompt.slice(0, -1));
  });
});

function fitsItsSchema(call: Generation["calls"][number] | undefined): boolean {
  const { path, line, ...rest } = (call?.arguments ?? {}) as Record<string, unknown>;
  if (Object.keys(rest).length > 0) return false;
  if (call?.name !== "read_file") return path === undefined && line === undefined;
  return typeof path === "string" && path.length <= 8 && Number.isInteger(line);
}

async function bareGreedy(prompt: string, count: number): Promise<number[]> {
  const llama = await getLlama({ gpu: false, build: "never" });
  const model = await llama.loadModel({ modelPath: await ensureModel("tiny-reasoning") });
  const context = await model.createContext({
    contextSize: 2048,
    sequences: 1,
    flashAttention: true,
    threads: llama.cpuMathCores,
  });
  const ids: number[] = [];
  const tokens = model.tokenize(prompt, true);
  for await (const token of context.getSequence().evaluate(tokens, { temperature: 0 })) {
    ids.push(token);
    if (ids.length === count) break;
  }
  await llama.dispose();
  return ids;
}
