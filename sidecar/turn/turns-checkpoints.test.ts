import { describe, expect, it } from "vitest";
import { system, user } from "../history/segments.test-support.ts";
import {
  CLOSING_TOKENS,
  Conversation,
  HELLO_TOKENS,
  OPENING_TOKENS,
  USER_TOKENS,
} from "./conversation.test-support.ts";

const ANSWER = "Yes.";
const RULES = "Be brief. ".repeat(10).trim();
const SYSTEM_FRONT = "<system\n".length;
const RULES_END = SYSTEM_FRONT + RULES.length;
/** Behind the answer: its end, the front of a message, its text, and the opening of the next. */
const BEHIND_TEXT = CLOSING_TOKENS + OPENING_TOKENS;
const TO_TEXT = CLOSING_TOKENS + "<user\n".length;

function keeping(checkpointsMax = 8): Conversation {
  return new Conversation({ canCut: false, checkpointsMax });
}

describe("on a model whose state cannot be cut, but kept", () => {
  it("a second turn prefills only what is new", async () => {
    const chat = keeping();
    await chat.ask("Hello");
    const { usage } = (await chat.ask("And?")).reading;
    expect(usage).toMatchObject({
      prefixTokens: HELLO_TOKENS + ANSWER.length,
      prefilledTokens: CLOSING_TOKENS + USER_TOKENS + "And?".length + OPENING_TOKENS,
    });
  });

  it("the same prompt again computes only its last token", async () => {
    const chat = keeping();
    chat.say("Hello");
    await chat.generate();
    const { usage } = (await chat.generate()).reading;
    expect(usage).toMatchObject({ prefixTokens: HELLO_TOKENS - 1, prefilledTokens: 1 });
  });

  it("an edited last message is prefilled from the end of the message before it", async () => {
    const chat = keeping();
    chat.segments = [system("rules", RULES)];
    await chat.ask("Hello");
    await chat.ask("What now?");
    const lastAnswer = RULES_END + TO_TEXT + "Hello".length + BEHIND_TEXT + ANSWER.length;
    chat.segments = [...chat.segments.slice(0, 3), user("edited", "What then?")];
    const { usage, divergence } = (await chat.answer()).reading;
    expect(usage).toMatchObject({
      prefixTokens: lastAnswer,
      prefilledTokens: usage.promptTokens - lastAnswer,
    });
    const differs = lastAnswer + TO_TEXT + "What ".length;
    expect(divergence).toMatchObject({ tokenIndex: differs, segmentId: "edited" });
  });

  it("another conversation with the same instructions goes on behind them", async () => {
    const chat = keeping();
    chat.segments = [system("rules", RULES), user("one", "Hello")];
    await chat.answer();
    await chat.ask("And?");
    chat.segments = [system("rules", RULES), user("other", "World")];
    const { usage } = (await chat.answer()).reading;
    expect(usage.prefixTokens).toBe(RULES_END);
  });

  it("progress begins where the kept state ends, and never counts more", async () => {
    const chat = keeping();
    chat.segments = [system("rules", RULES), user("one", "Hello")];
    await chat.answer();
    chat.events.length = 0;
    chat.segments = [system("rules", RULES), user("other", "World")];
    const { usage } = (await chat.answer()).reading;
    const [first] = chat.events;
    expect(first).toMatchObject({ processedTokens: RULES_END, reusedTokens: usage.prefixTokens });
  });

  it("all is prefilled when the engine has forgotten the states before the change", async () => {
    const chat = keeping(1);
    chat.segments = [system("rules", RULES), user("one", "Hello")];
    await chat.answer();
    chat.events.length = 0;
    chat.segments = [system("rules", RULES), user("other", "World")];
    const { usage, divergence } = (await chat.answer()).reading;
    expect([usage.prefixTokens, usage.prefilledTokens]).toEqual([0, usage.promptTokens]);
    expect(divergence?.tokenIndex).toBe(RULES_END + TO_TEXT);
    expect(chat.events[0]).toMatchObject({ processedTokens: 0, reusedTokens: 0 });
  });

  it("warming keeps the state that generation begins with", async () => {
    const chat = keeping();
    chat.say("Hello");
    await chat.warm();
    const { usage } = (await chat.generate()).reading;
    expect(usage).toMatchObject({ prefixTokens: HELLO_TOKENS - 1, prefilledTokens: 1 });
  });

  it("a cancelled turn goes on from where it stopped", async () => {
    const chat = new Conversation({ canCut: false, checkpointsMax: 8, batchTokens: 16 });
    chat.say("x".repeat(100));
    const controller = new AbortController();
    await chat.generate({
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "prefill" && event.processedTokens >= 32) controller.abort();
      },
    });
    const { usage } = (await chat.generate()).reading;
    expect(usage.prefixTokens).toBe(32);
  });
});
