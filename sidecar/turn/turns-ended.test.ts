import { describe, expect, it } from "vitest";
import { refusalOf } from "../history/refused.test-support.ts";
import {
  Conversation,
  HELLO_TOKENS,
  OPENING_TOKENS,
  USER_TOKENS,
} from "./conversation.test-support.ts";

/** So few that every chunk is one batch, whatever speed is measured. */
const BATCH_TOKENS = 16;

describe("a cancelled turn", () => {
  it("keeps the finished chunks, and the next attempt prefills only the rest", async () => {
    const chat = new Conversation({ batchTokens: BATCH_TOKENS });
    chat.say("x".repeat(100));
    const controller = new AbortController();
    const cancelled = await chat.generate({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "prefill" && event.processedTokens >= 32) controller.abort();
      },
    });
    expect(cancelled.stop).toBe("cancelled");
    expect(cancelled.said).toMatchObject({ text: "", generated: { tokens: [] } });
    expect(cancelled.reading).toMatchObject({ firstTokenMs: null, usage: { prefilledTokens: 32 } });
    expect(chat.engine.cells.resident()).toHaveLength(32);

    const { usage } = (await chat.generate()).reading;
    expect(usage).toMatchObject({
      prefixTokens: 32,
      prefilledTokens: USER_TOKENS + 100 + OPENING_TOKENS - 32,
    });
  });

  it("keeps what was said so far", async () => {
    const chat = new Conversation({ answers: ["A long answer.", "Yes."] });
    const controller = new AbortController();
    const { said, stop, reading } = await chat.ask("Hello", {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "text" && event.text === "l") controller.abort();
      },
    });
    expect([said.text, stop]).toEqual(["A l", "cancelled"]);
    expect(reading.usage.generatedTokens).toBe(3);
    expect((await chat.ask("And?")).said.text).toBe("Yes.");
  });

  it("of warming keeps the finished chunks too", async () => {
    let decodes = 0;
    const controller = new AbortController();
    const chat = new Conversation({
      batchTokens: BATCH_TOKENS,
      beforeDecode: () => {
        decodes++;
        if (decodes === 2) controller.abort();
        return undefined;
      },
    });
    chat.say("x".repeat(100));
    expect((await chat.warm({ signal: controller.signal })).usage.prefilledTokens).toBe(32);
    expect(chat.engine.cells.resident()).toHaveLength(32);
  });
});

describe("a prompt is refused before anything is computed", () => {
  it("when it fills the window", async () => {
    const chat = new Conversation({ windowTokens: HELLO_TOKENS });
    chat.say("Hello");
    const expected = {
      kind: "promptTooLong",
      figures: { promptTokens: HELLO_TOKENS, windowTokens: HELLO_TOKENS },
    };
    expect(await refusalOf(() => chat.generate())).toMatchObject(expected);
    expect(await refusalOf(() => chat.warm())).toMatchObject(expected);
    expect(chat.engine.cells.decodeCalls).toBe(0);
  });

  it("when it leaves less room than the answer has to have, by a single token", async () => {
    const chat = new Conversation({ windowTokens: HELLO_TOKENS + 2 });
    chat.say("Hello");
    expect(await refusalOf(() => chat.generate({ maxTokens: 3, roomTokens: 3 }))).toMatchObject({
      kind: "promptTooLong",
      figures: {
        promptTokens: HELLO_TOKENS,
        neededTokens: 3,
        windowTokens: HELLO_TOKENS + 2,
      },
    });
    expect(chat.engine.cells.decodeCalls).toBe(0);
    expect((await chat.generate({ maxTokens: 2, roomTokens: 2 })).said.text).toBe("Ye");
  });

  it("when it leaves no room for a useful answer, unless a shorter one was asked for", async () => {
    const windowTokens = 640;
    const usefulTokens = 20;
    const chat = new Conversation({ windowTokens });
    const left = (tokens: number): void => {
      chat.segments = [];
      chat.say("x".repeat(windowTokens - tokens - USER_TOKENS - OPENING_TOKENS));
    };
    left(usefulTokens - 1);
    expect(await refusalOf(() => chat.generate())).toMatchObject({
      kind: "promptTooLong",
      figures: { neededTokens: usefulTokens },
    });
    expect(await refusalOf(() => chat.generate({ maxTokens: 400 }))).toMatchObject({
      kind: "promptTooLong",
    });
    expect(chat.engine.cells.decodeCalls).toBe(0);
    expect((await chat.generate({ maxTokens: 3 })).said.text).toBe("Yes");
    left(usefulTokens);
    expect((await chat.generate()).said.text).toBe("Yes.");
  });

  it("when there are fewer cells than the window has positions", async () => {
    const chat = new Conversation({ cellsTokens: HELLO_TOKENS });
    chat.say("Hello");
    expect(await refusalOf(() => chat.generate())).toMatchObject({
      kind: "promptTooLong",
      figures: { promptTokens: HELLO_TOKENS, windowTokens: HELLO_TOKENS },
    });
    expect(chat.engine.cells.decodeCalls).toBe(0);
  });

  it("when it is empty", async () => {
    const chat = new Conversation({ template: "" });
    expect((await refusalOf(() => chat.generate())).kind).toBe("badRequest");
  });

  it.each([undefined, 3, 100_000])(
    "though an answer that may have %s tokens gets the room there is, and says that it was cut",
    async (maxTokens) => {
      const chat = new Conversation({ windowTokens: HELLO_TOKENS + 2 });
      chat.say("Hello");
      const limit = maxTokens === undefined ? {} : { maxTokens };
      const cut = { stop: "maxTokens", said: { text: "Ye" } };
      // In so small a window two tokens are a useful answer.
      expect(await chat.generate({ ...limit, roomTokens: 1 })).toMatchObject(cut);
    },
  );
});
