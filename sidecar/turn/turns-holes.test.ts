import { describe, expect, it } from "vitest";
import { user } from "../history/segments.test-support.ts";
import {
  CLOSING_TOKENS,
  Conversation,
  OPENING_TOKENS,
  USER_TOKENS,
} from "./conversation.test-support.ts";

const ANSWER = "Yes.";
const NOTES = "n".repeat(100);
const QUESTION = "q".repeat(80);
const SHORT = "nn";
const taken = NOTES.length - SHORT.length;
/** Behind the notes, in one message with them. */
const tailTokens = "\n\n".length + QUESTION.length + CLOSING_TOKENS + OPENING_TOKENS;
const promptTokens = "<user\n".length + NOTES.length + tailTokens;

async function shortened(
  options: ConstructorParameters<typeof Conversation>[0],
): Promise<Conversation> {
  const chat = new Conversation({ answers: [ANSWER], ...options });
  chat.segments = [user("notes", NOTES), user("question", QUESTION)];
  await chat.answer();
  chat.segments[0] = user("notes", SHORT);
  return chat;
}

describe("notes that became shorter", () => {
  it("leave a hole, behind which the conversation goes on without a shift", async () => {
    const chat = await shortened({ canShift: false });
    const first = (await chat.ask("?", { reuse: "splice" })).reading.usage;
    expect(first).toMatchObject({
      splicedTokens: tailTokens + ANSWER.length,
      prefilledTokens: CLOSING_TOKENS + USER_TOKENS + 1 + OPENING_TOKENS,
    });
    // The engine counts positions; the prompt is as short as it says.
    const { length } = chat.engine.cells.resident();
    expect(length).toBe(first.promptTokens + ANSWER.length + taken);
    const second = (await chat.ask("!", { reuse: "splice" })).reading;
    expect(second.usage.prefilledTokens).toBe(CLOSING_TOKENS + USER_TOKENS + 1 + OPENING_TOKENS);
    expect(second.divergence).toBeNull();
  });

  it("become longer again in the room that they left", async () => {
    const chat = await shortened({ canShift: false });
    await chat.ask("?", { reuse: "splice" });
    chat.segments[0] = user("notes", "m".repeat(NOTES.length));
    const { usage } = (await chat.generate({ reuse: "splice" })).reading;
    expect(usage.prefilledTokens).toBe(NOTES.length + CLOSING_TOKENS + OPENING_TOKENS);
  });

  it("leave no hole where the answer that is asked for needs its positions", async () => {
    const windowTokens = promptTokens + 60;
    const room =
      windowTokens -
      (promptTokens - taken + ANSWER.length + CLOSING_TOKENS + USER_TOKENS + 1 + OPENING_TOKENS);
    for (const canShift of [true, false]) {
      const chat = await shortened({ canShift, windowTokens });
      const { usage } = (await chat.ask("?", { reuse: "splice", maxTokens: room })).reading;
      expect(usage.splicedTokens > 0).toBe(canShift);
      expect(chat.engine.cells.resident()).toHaveLength(usage.promptTokens + ANSWER.length);
    }
  });

  it("let an answer without a limit have what the hole leaves of the window", async () => {
    const windowTokens = promptTokens + 4200;
    const long = "y".repeat(5000);
    const chat = new Conversation({ windowTokens, canShift: false, answers: [ANSWER, long] });
    chat.segments = [user("notes", NOTES), user("question", QUESTION)];
    await chat.answer();
    chat.segments[0] = user("notes", SHORT);
    const { stop, reading } = await chat.generate({ reuse: "splice" });
    expect(stop).toBe("maxTokens");
    const { promptTokens: shorter, generatedTokens } = reading.usage;
    expect(generatedTokens).toBe(windowTokens - shorter - taken);
    // What is sampled last is not resident.
    expect(chat.engine.cells.resident()).toHaveLength(windowTokens - 1);
  });
});
