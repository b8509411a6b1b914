import { describe, expect, it } from "vitest";
import { system, toolResult, user } from "../history/segments.test-support.ts";
import {
  CLOSING_TOKENS,
  Conversation,
  HELLO_TOKENS,
  OPENING_TOKENS,
  USER_TOKENS,
} from "./conversation.test-support.ts";

/** So few that every chunk is one batch, whatever speed is measured. */
const BATCH_TOKENS = 16;

const THINKING = `{%- for message in messages -%}
  {{- "<|im_start|>" ~ message.role ~ "\\n" ~ message.content ~ "<|im_end|>\\n" -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- "<|im_start|>assistant\\n<think>\\n" -}}{%- endif -%}`;

describe("a turn", () => {
  it("prefills the whole prompt at first", async () => {
    const chat = new Conversation();
    const { said, stop, reading } = await chat.ask("Hello");
    expect(said.text).toBe("Yes.");
    expect(stop).toBe("end");
    expect(reading).toMatchObject({ contextId: "chat", task: "generate", divergence: null });
    expect(reading.usage).toMatchObject({
      promptTokens: HELLO_TOKENS,
      prefixTokens: 0,
      prefilledTokens: HELLO_TOKENS,
      generatedTokens: 4,
    });
  });

  it("prefills only the new message when it is the second one", async () => {
    const chat = new Conversation();
    await chat.ask("Hello");
    const { usage, divergence } = (await chat.ask("And then?")).reading;
    const added = CLOSING_TOKENS + USER_TOKENS + "And then?".length + OPENING_TOKENS;
    expect(usage).toMatchObject({
      promptTokens: HELLO_TOKENS + "Yes.".length + added,
      prefixTokens: HELLO_TOKENS + "Yes.".length,
      prefilledTokens: added,
    });
    expect(divergence).toBeNull();
  });

  it("prefills the end of an answer that was cut short, and only that", async () => {
    const chat = new Conversation();
    const { stop, said } = await chat.ask("Hello", { maxTokens: 3 });
    expect([stop, said.text]).toEqual(["maxTokens", "Yes"]);
    const { usage } = (await chat.ask("!")).reading;
    const lastOfAnswer = 1;
    expect(usage.prefilledTokens).toBe(
      lastOfAnswer + CLOSING_TOKENS + USER_TOKENS + 1 + OPENING_TOKENS,
    );
  });

  it("computes only the last token when the same prompt comes again", async () => {
    const chat = new Conversation();
    chat.say("Hello");
    await chat.generate();
    const { usage, divergence } = (await chat.generate()).reading;
    expect(usage).toMatchObject({ prefixTokens: HELLO_TOKENS - 1, prefilledTokens: 1 });
    expect(divergence).toBeNull();
  });

  it("tells of its progress, then of the answer as it comes", async () => {
    const chat = new Conversation({ batchTokens: BATCH_TOKENS });
    await chat.ask("Hello");
    const prefill = { kind: "prefill", reusedTokens: 0, totalTokens: HELLO_TOKENS };
    expect(chat.events).toEqual([
      { ...prefill, processedTokens: 0 },
      { ...prefill, processedTokens: 16 },
      { ...prefill, processedTokens: HELLO_TOKENS - 1 },
      ...["Y", "e", "s", "."].map((text) => ({ kind: "text", text })),
    ]);
  });

  it("keeps reasoning and calls apart from the text, with the ids of all", async () => {
    const call = { id: "c", name: "look", arguments: { at: "it" } };
    const chat = new Conversation({
      answers: [
        [
          { kind: "reasoning", text: "Hm" },
          { kind: "text", text: "See:" },
          { kind: "toolCall", call },
        ],
        "I see.",
      ],
    });
    const { said, stop } = await chat.ask("Hello");
    expect(stop).toBe("toolCalls");
    expect(said).toMatchObject({ text: "See:", reasoning: "Hm", toolCalls: [call] });
    expect(chat.engine.tokenizer.detokenize(said.generated.tokens)).toBe(
      '<think>Hm</think>See:<tool_call>{"name":"look","arguments":{"at":"it"}}</tool_call>',
    );
    chat.segments.push(toolResult("result", "It is."));
    const { prefixTokens } = (await chat.answer()).reading.usage;
    expect(prefixTokens).toBe(HELLO_TOKENS + said.generated.tokens.length);
  });

  it("ends an answer before a stop sequence and prefills right behind it next", async () => {
    const chat = new Conversation({ answers: ["one STOP two", "Yes."] });
    const { said, stop } = await chat.ask("Hello", { stopSequences: ["STOP"] });
    expect([stop, said.text]).toEqual(["stopSequence", "one "]);
    expect(said.generated.tokens).toHaveLength("one ".length);
    const { usage } = (await chat.ask("And?")).reading;
    expect(usage.prefixTokens).toBe(HELLO_TOKENS + "one ".length);
  });

  it("counts what the template opens an answer with as part of the answer", async () => {
    const chat = new Conversation({ template: THINKING });
    const { said, reading } = await chat.ask("Hello");
    expect(chat.engine.tokenizer.detokenize(said.generated.tokens)).toBe("<think>\nYes.");
    expect(reading.usage.generatedTokens).toBe(4);
    const next = (await chat.ask("And?")).reading;
    expect(next.usage.prefixTokens).toBe(reading.usage.promptTokens + 4);
    expect(next.divergence).toBeNull();
  });

  it("begins with the token that the model wants", async () => {
    const chat = new Conversation({ bos: true });
    const { usage } = (await chat.ask("Hello")).reading;
    expect(usage.promptTokens).toBe(HELLO_TOKENS + 1);
    expect(chat.engine.tokenizer.detokenize(chat.engine.cells.resident())).toMatch(/^<s><\|im_s/u);
  });

  it("decodes the ids of a script instead of sampled ones", async () => {
    const chat = new Conversation();
    const script = chat.engine.tokenizer.tokenize("No!<|im_end|>", { specials: true });
    const { said, stop } = await chat.ask("Hello", { script });
    expect([said.text, stop]).toEqual(["No!", "end"]);
    expect(said.generated.tokens).toEqual(script.slice(0, 3));
  });

  it("never lets a text become a control token", async () => {
    const chat = new Conversation();
    const { usage } = (await chat.ask("<|im_end|>")).reading;
    expect(usage.promptTokens).toBe(USER_TOKENS + "<|im_end|>".length + OPENING_TOKENS);
    expect(chat.turns.countTokens("<|im_end|>")).toBe("<|im_end|>".length);
  });
});

describe("an edit", () => {
  const notes = { ...user("notes", "The sky is blue."), label: "notes.md" };

  it("costs what stands behind it, and the divergence names its segment and label", async () => {
    const chat = new Conversation();
    chat.segments = [system("s", "Be brief."), notes];
    await chat.ask("Why?");
    const resident = chat.engine.cells.resident().length;
    chat.segments[1] = { ...notes, text: "The sky is grey and wet." };
    const { usage, divergence } = (await chat.answer()).reading;
    const tokenIndex = "1system\nBe brief.1\n1user\n".length + "The sky is ".length;
    expect(usage.prefixTokens).toBe(tokenIndex);
    expect(usage.prefilledTokens).toBe(usage.promptTokens - tokenIndex);
    expect(divergence).toEqual({
      tokenIndex,
      segmentId: "notes",
      segmentLabel: "notes.md",
      text: "grey and wet",
      removed: false,
      droppedTokens: resident - tokenIndex,
    });
  });

  it("of a segment without a label is named by its kind", async () => {
    const chat = new Conversation();
    chat.segments = [system("s", "Be brief."), user("u", "Hello")];
    await chat.generate();
    chat.segments[0] = system("s", "Be loud.");
    expect((await chat.generate()).reading.divergence).toMatchObject({
      segmentId: "s",
      segmentLabel: "instructions",
    });
  });

  it("of the tools belongs to no segment", async () => {
    const chat = new Conversation();
    chat.say("Hello");
    await chat.generate();
    chat.tools = [{ name: "look", description: "Looks." }];
    expect((await chat.generate()).reading.divergence).toMatchObject({
      segmentId: null,
      segmentLabel: null,
    });
  });
});

describe("warming", () => {
  it("leaves only the last token to the turn that follows", async () => {
    const chat = new Conversation();
    chat.say("Hello");
    const warmed = await chat.warm();
    expect(warmed).toMatchObject({ task: "warm", firstTokenMs: null });
    expect(warmed.usage).toMatchObject({ prefilledTokens: HELLO_TOKENS, generatedTokens: 0 });
    const { usage } = (await chat.generate()).reading;
    expect(usage).toMatchObject({ prefixTokens: HELLO_TOKENS - 1, prefilledTokens: 1 });
  });

  it("computes nothing and loses nothing when more than the window is resident", async () => {
    const chat = new Conversation();
    chat.say("Hello");
    await chat.generate();
    const resident = [...chat.engine.cells.resident()];
    const { usage } = await chat.warm();
    expect(usage).toMatchObject({ prefixTokens: HELLO_TOKENS, prefilledTokens: 0 });
    expect(chat.engine.cells.resident()).toEqual(resident);
  });
});
