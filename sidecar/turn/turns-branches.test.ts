import { describe, expect, it } from "vitest";
import { reusedTokens } from "../../protocol/usage.ts";
import { system, user } from "../history/segments.test-support.ts";
import {
  CLOSING_TOKENS,
  Conversation,
  HELLO_TOKENS,
  OPENING_TOKENS,
  USER_TOKENS,
} from "./conversation.test-support.ts";

const ANSWER = "Yes.";
/** Behind an answer: its end, a message of one token, and the opening of the next answer. */
const NEXT_TOKENS = CLOSING_TOKENS + USER_TOKENS + 1 + OPENING_TOKENS;

function beside(conversation: Conversation, contextId = "other"): Conversation {
  return new Conversation({ beside: conversation, contextId });
}

describe("two conversations on one model", () => {
  it("prefill only what is new in each, however they take turns", async () => {
    const one = new Conversation();
    const other = beside(one);
    // What is sampled last is not resident, so an answer of n tokens leaves n behind its prompt.
    await one.ask("Hello");
    const first = (await other.ask("World")).reading.usage;
    const shared = "<user\n".length;
    expect(first).toMatchObject({
      promptTokens: HELLO_TOKENS,
      forkedTokens: shared,
      prefixTokens: 0,
      prefilledTokens: HELLO_TOKENS - shared,
    });
    let length = HELLO_TOKENS + ANSWER.length;
    for (const message of ["a", "b", "c"]) {
      for (const conversation of [one, other]) {
        const { usage, divergence } = (await conversation.ask(message)).reading;
        expect(usage).toMatchObject({
          promptTokens: length + NEXT_TOKENS,
          prefixTokens: length,
          forkedTokens: 0,
          splicedTokens: 0,
          staleTokens: 0,
          prefilledTokens: NEXT_TOKENS,
        });
        expect(divergence).toBeNull();
      }
      length += NEXT_TOKENS + ANSWER.length;
    }
  });

  it("share what stands at the front of both, which is counted as forked once", async () => {
    const rules = system("rules", "Be brief.");
    const frontTokens = "<system\n".length + "Be brief.".length + "<\n<user\n".length;
    const one = new Conversation();
    const other = beside(one);
    one.segments = [rules];
    other.segments = [rules];
    await one.ask("Hello");
    const { usage, divergence } = (await other.ask("World")).reading;
    expect(usage).toMatchObject({
      forkedTokens: frontTokens,
      prefixTokens: 0,
      prefilledTokens: usage.promptTokens - frontTokens,
    });
    expect(reusedTokens(usage) + usage.prefilledTokens).toBe(usage.promptTokens);
    // Nothing was lost by it: the other conversation still has its cells.
    expect(divergence).toBeNull();
    const again = (await other.ask("!")).reading.usage;
    expect(again.forkedTokens).toBe(0);
    expect((await one.ask("!")).reading.usage.prefilledTokens).toBe(NEXT_TOKENS);
  });

  it("leave each other alone when one of them is edited", async () => {
    const one = new Conversation();
    const other = beside(one);
    await one.ask("Hello");
    await other.ask("World");
    other.segments[0] = user("edited", "Weird");
    expect((await other.answer()).reading.usage.forkedTokens).toBe(0);
    expect((await one.ask("!")).reading.usage).toMatchObject({
      prefixTokens: HELLO_TOKENS + ANSWER.length,
      prefilledTokens: NEXT_TOKENS,
    });
  });

  it("give up the one that waits when the cells do not suffice for both", async () => {
    const one = new Conversation({ windowTokens: 100, cellsTokens: 100 });
    const other = beside(one);
    await one.ask("x".repeat(30));
    await other.ask("y".repeat(30));
    const { usage } = (await one.generate()).reading;
    expect(usage).toMatchObject({
      forkedTokens: "<user\n".length,
      prefilledTokens: usage.promptTokens - "<user\n".length,
    });
  });

  it("are both gone when the cache is cleared", async () => {
    const one = new Conversation();
    const other = beside(one);
    await one.ask("Hello");
    await other.ask("World");
    const resident = HELLO_TOKENS + ANSWER.length;
    expect(await one.turns.clear()).toBe(2 * resident - "<user\n".length);
    expect(await one.turns.clear()).toBe(0);
    const { usage } = (await one.generate()).reading;
    expect([usage.prefixTokens, usage.forkedTokens]).toEqual([0, 0]);
  });

  it("replace one another on a model whose cells cannot be moved", async () => {
    const one = new Conversation({ canCut: false });
    const other = beside(one);
    await one.ask("Hello");
    expect((await other.ask("World")).reading.usage.prefilledTokens).toBe(HELLO_TOKENS);
    const { usage } = (await one.ask("!")).reading;
    expect(usage.prefilledTokens).toBe(usage.promptTokens);
  });

  it("go on unharmed after a turn of one of them has failed in the middle", async () => {
    const one = new Conversation();
    const other = beside(one);
    const failing = one.ask("Hello", {
      onEvent: (event) => {
        if (event.kind === "text" && event.text === "s") throw new Error("The pipe is closed.");
      },
    });
    await expect(failing).rejects.toThrow("pipe");
    await other.ask("World");
    const { usage } = (await one.answer()).reading;
    expect(usage).toMatchObject({ prefixTokens: HELLO_TOKENS - 1, prefilledTokens: 1 });
    expect((await other.ask("!")).reading.usage.prefilledTokens).toBe(NEXT_TOKENS);
  });
});

describe("an edit of an earlier message with splicing", () => {
  const question = "q".repeat(10) + "r".repeat(90);
  /** Before the text of the notes. */
  const frontTokens = "<system\n".length;
  const text = "The sky is blue.";
  const edited = "The sky is grey and wet.";
  const sameFront = "The sky is ".length;
  /** Of the end of the notes, the question, the opening and the answer. */
  const tailTokens = ".<\n".length + USER_TOKENS + question.length + OPENING_TOKENS + ANSWER.length;

  async function asked(options: { readonly edit: string }): Promise<Conversation> {
    const chat = new Conversation({ answers: [ANSWER] });
    chat.segments = [system("notes", text), user("question", question)];
    await chat.answer();
    chat.segments[0] = system("notes", options.edit);
    return chat;
  }

  it("computes the edit and what is new, and says what was kept and is stale", async () => {
    const chat = await asked({ edit: edited });
    const { usage, divergence } = (await chat.ask("?", { reuse: "splice" })).reading;
    const gap = "grey and wet".length;
    expect(usage).toMatchObject({
      prefixTokens: frontTokens + sameFront,
      splicedTokens: tailTokens,
      prefilledTokens: gap + NEXT_TOKENS,
      healedTokens: 0,
      // With the answer that was generated behind them.
      staleTokens: tailTokens + NEXT_TOKENS + ANSWER.length,
    });
    expect(reusedTokens(usage) + usage.prefilledTokens).toBe(usage.promptTokens);
    expect(divergence).toMatchObject({
      tokenIndex: frontTokens + sameFront,
      segmentId: "notes",
      droppedTokens: "blue".length,
    });
  });

  it("computes the front of what is kept again when it heals", async () => {
    const chat = await asked({ edit: edited });
    const { usage } = (await chat.ask("?", { reuse: "splice", healTokens: 5 })).reading;
    expect(usage).toMatchObject({
      splicedTokens: tailTokens - 5,
      healedTokens: 5,
      prefilledTokens: "grey and wet".length + 5 + NEXT_TOKENS,
    });
  });

  it("is exact again after a later turn in exact mode, which prefills the stale tail", async () => {
    const chat = await asked({ edit: edited });
    await chat.ask("?", { reuse: "splice" });
    const exactTokens = frontTokens + sameFront + "grey and wet".length;
    const { usage } = (await chat.ask("!")).reading;
    expect(usage).toMatchObject({
      prefixTokens: exactTokens,
      splicedTokens: 0,
      staleTokens: 0,
      prefilledTokens: usage.promptTokens - exactTokens,
    });
    expect((await chat.ask("!")).reading.usage.prefilledTokens).toBe(NEXT_TOKENS);
  });

  it("goes on from stale cells for as long as splicing is asked for", async () => {
    const chat = await asked({ edit: edited });
    await chat.ask("?", { reuse: "splice" });
    const { usage } = (await chat.ask("!", { reuse: "splice" })).reading;
    expect(usage).toMatchObject({ splicedTokens: 0, prefilledTokens: NEXT_TOKENS });
    expect(usage.staleTokens).toBeGreaterThan(tailTokens);
  });

  it("is left to prefill unless splicing is asked for", async () => {
    const chat = await asked({ edit: edited });
    const { usage } = (await chat.ask("?")).reading;
    expect(usage).toMatchObject({ splicedTokens: 0, staleTokens: 0, healedTokens: 0 });
    expect(usage.prefilledTokens).toBe(usage.promptTokens - frontTokens - sameFront);
  });

  it("is kept by automatic reuse only when text was taken out", async () => {
    const added = await asked({ edit: edited });
    expect((await added.ask("?", { reuse: "auto" })).reading.usage.splicedTokens).toBe(0);
    const taken = await asked({ edit: "The sky." });
    const { usage } = (await taken.ask("?", { reuse: "auto" })).reading;
    expect(usage).toMatchObject({
      prefixTokens: frontTokens + "The sky".length,
      splicedTokens: tailTokens,
      prefilledTokens: NEXT_TOKENS,
    });
  });

  it("is warmed in the same way", async () => {
    const chat = await asked({ edit: edited });
    chat.say("?");
    const { usage } = await chat.warm({ reuse: "splice" });
    expect(usage).toMatchObject({
      splicedTokens: tailTokens,
      prefilledTokens: "grey and wet".length + NEXT_TOKENS,
    });
    expect((await chat.generate({ reuse: "splice" })).reading.usage.prefilledTokens).toBe(1);
  });

  it("counts nothing as spliced when it is cancelled", async () => {
    const chat = await asked({ edit: edited });
    const { stop, reading } = await chat.ask("?", {
      reuse: "splice",
      signal: AbortSignal.abort(),
    });
    expect(stop).toBe("cancelled");
    expect(reading.usage).toMatchObject({
      prefixTokens: frontTokens + sameFront,
      splicedTokens: 0,
      prefilledTokens: 0,
      staleTokens: 0,
    });
  });

  it("cannot be spliced where cells cannot be moved, and is then prefilled", async () => {
    const chat = new Conversation({ canCut: false });
    chat.segments = [system("notes", text), user("question", question)];
    await chat.answer();
    chat.segments[0] = system("notes", edited);
    const { usage } = (await chat.ask("?", { reuse: "splice" })).reading;
    expect([usage.splicedTokens, usage.prefixTokens]).toEqual([0, 0]);
    expect(usage.prefilledTokens).toBe(usage.promptTokens);
  });
});
