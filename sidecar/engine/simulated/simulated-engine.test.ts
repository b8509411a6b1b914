import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AnswerPart, EngineOutcome, EngineRequest } from "../engine.ts";
import { SimulatedEngine, type SimulatedOptions } from "./simulated-engine.ts";
import { vocabulary } from "./vocabulary.ts";

const PROMPT = [100, 101, 102, 103];

async function prepared(options: SimulatedOptions = {}): Promise<SimulatedEngine> {
  const engine = new SimulatedEngine(options);
  await engine.cells.decode(PROMPT.slice(0, -1));
  return engine;
}

async function generated(
  engine: SimulatedEngine,
  request: Partial<EngineRequest> = {},
): Promise<EngineOutcome & { text: string; sampledTokens: number }> {
  let text = "";
  let sampledTokens = 0;
  const outcome = await engine.generate({
    prompt: PROMPT,
    tools: [],
    toolChoice: "auto",
    sampling: {},
    maxTokens: 100,
    stopSequences: [],
    signal: new AbortController().signal,
    ...request,
    onToken: () => sampledTokens++,
    onPart: (part: AnswerPart) => {
      if (part.kind === "text") text += part.text;
      request.onPart?.(part);
    },
  });
  return { ...outcome, text, sampledTokens };
}

describe("the simulated tokenizer", () => {
  it("gives back the text of its ids, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.boolean(), (text, specials) => {
        expect(vocabulary.detokenize(vocabulary.tokenize(text, { specials }))).toBe(text);
      }),
    );
  });

  it("has one id for a control token, where control tokens count", () => {
    const text = "<|im_start|>a<|im_end|>";
    expect(vocabulary.tokenize(text, { specials: true })).toHaveLength(3);
    expect(vocabulary.tokenize(text, { specials: false })).toHaveLength(text.length);
  });
});

describe("the simulated cells", () => {
  it("hold what is decoded and count it", async () => {
    const { cells } = new SimulatedEngine();
    await cells.decode([1, 2]);
    await cells.decode([3]);
    expect(await cells.trim(2)).toBe(2);
    expect(cells.resident()).toEqual([1, 2]);
    expect([cells.evaluatedTokens(), cells.decodeCalls]).toEqual([3, 2]);
  });

  it("refuse an empty batch, one that is too long, and one beyond the last cell", async () => {
    const { cells } = new SimulatedEngine({ batchTokens: 2, cellsTokens: 3 });
    await expect(cells.decode([])).rejects.toThrow(RangeError);
    await expect(cells.decode([1, 2, 3])).rejects.toThrow("holds 2 tokens, not 3");
    await cells.decode([1, 2]);
    await expect(cells.decode([3, 4])).rejects.toThrow("3 cells");
    expect(cells.resident()).toEqual([1, 2]);
  });

  it("refuse to be cut to more than they hold", async () => {
    await expect(new SimulatedEngine().cells.trim(1)).rejects.toThrow(RangeError);
  });

  it("lose everything by a cut when the state cannot be cut", async () => {
    const { cells } = new SimulatedEngine({ canCut: false });
    await cells.decode([1, 2]);
    expect(await cells.trim(2)).toBe(2);
    expect(await cells.trim(1)).toBe(0);
    expect(cells.resident()).toEqual([]);
  });

  it("come back to the newest state that was kept, where the state cannot be cut", async () => {
    const { cells } = new SimulatedEngine({ canCut: false, checkpointsMax: 2 });
    for (const token of [1, 2, 3]) {
      await cells.decode([token]);
      await cells.checkpoint?.();
    }
    await cells.decode([4, 5]);
    expect(cells.checkpointLengths()).toEqual([2, 3]);
    expect(await cells.trim(4)).toBe(3);
    expect(await cells.trim(2)).toBe(2);
    expect([cells.resident(), cells.checkpointLengths()]).toEqual([[1, 2], [2]]);
    expect(await cells.trim(1)).toBe(0);
    expect(cells.checkpointLengths()).toEqual([]);
  });

  it("keep no states where they can be cut", () => {
    expect(new SimulatedEngine({ checkpointsMax: 2 }).cells.checkpoint).toBeNull();
    expect(new SimulatedEngine({ canCut: false }).cells.checkpoint).toBeNull();
  });

  it("refuse two users at once", async () => {
    const { cells } = new SimulatedEngine();
    const first = cells.decode([1]);
    await expect(cells.decode([2])).rejects.toThrow("two users");
    await first;
  });

  it("wait for the scheduler before every decode, of prompts and of answers", async () => {
    const opened = Promise.withResolvers<void>();
    let waits = 0;
    const engine = new SimulatedEngine({
      beforeDecode: () => {
        waits++;
        return opened.promise;
      },
    });
    const decoded = engine.cells.decode(PROMPT.slice(0, -1));
    for (let turn = 0; turn < 9; turn++) await Promise.resolve();
    expect([waits, engine.cells.decodeCalls]).toEqual([1, 0]);
    opened.resolve();
    await decoded;
    await generated(engine);
    expect(waits).toBe(engine.cells.decodeCalls);
    expect(waits).toBe(1 + "Yes.".length + 1);
  });
});

describe("the simulated generation", () => {
  it("says its answers one after the other, the last one again and again", async () => {
    const engine = await prepared({ answers: ["One.", "Two."] });
    const said: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      said.push((await generated(engine)).text);
      await engine.cells.trim(PROMPT.length - 1);
    }
    expect(said).toEqual(["One.", "Two.", "Two."]);
  });

  it("leaves the prompt and the answer in the cells, without what was sampled last", async () => {
    const engine = await prepared({ answers: ["Yes."] });
    const ended = await generated(engine);
    expect(ended).toMatchObject({ stop: "end", sampledTokens: 5 });
    expect(engine.cells.resident()).toEqual([...PROMPT, ...ended.tokens]);

    await engine.cells.trim(PROMPT.length - 1);
    const cut = await generated(engine, { maxTokens: 2 });
    expect(cut).toMatchObject({ stop: "maxTokens", text: "Ye", sampledTokens: 2 });
    expect(engine.cells.resident()).toEqual([...PROMPT, cut.tokens[0]]);
  });

  it("samples other ids than the tokenizer gives for its text", async () => {
    const { tokens, text } = await generated(await prepared());
    expect(vocabulary.detokenize(tokens)).toBe(text);
    expect(tokens).not.toEqual(vocabulary.tokenize(text, { specials: false }));
  });

  it("refuses to begin unless exactly the prompt but its last token is resident", async () => {
    const engine = await prepared();
    for (const prompt of [[], PROMPT.slice(0, 3), [...PROMPT, 104], [1, 2, 3, 4]]) {
      await expect(generated(engine, { prompt })).rejects.toThrow("not resident");
    }
  });

  it("ends before a stop sequence and shows nothing that may become one", async () => {
    const parts: string[] = [];
    const engine = await prepared({ answers: ["a STAR, a STOP sign"] });
    const { tokens, stop } = await generated(engine, {
      stopSequences: ["STOP"],
      onPart: (part) => parts.push(part.kind === "text" ? part.text : part.kind),
    });
    expect(stop).toBe("stopSequence");
    expect(vocabulary.detokenize(tokens)).toBe("a STAR, a ");
    expect(parts).toEqual(["a", " ", "STA", "R", ",", " ", "a", " "]);
  });

  it("shows what it held back when the answer ends with half a stop sequence", async () => {
    const engine = await prepared({ answers: ["a ST"] });
    const { text, stop } = await generated(engine, { stopSequences: ["STOP"] });
    expect([text, stop]).toEqual(["a ST", "end"]);
  });

  it("stops when it is cancelled, before the next decode", async () => {
    const controller = new AbortController();
    const engine = await prepared();
    const { stop, text } = await generated(engine, {
      signal: controller.signal,
      onPart: () => controller.abort(),
    });
    expect([stop, text]).toEqual(["cancelled", "Y"]);
    expect(engine.cells.resident()).toEqual(PROMPT);
  });

  it("is refused after the engine is disposed of", async () => {
    const engine = await prepared();
    await engine.dispose();
    expect(engine.disposed).toBe(true);
    await expect(generated(engine)).rejects.toThrow("disposed");
  });
});
