import { describe, expect, it } from "vitest";
import { system, user } from "../history/segments.test-support.ts";
import { Conversation } from "./conversation.test-support.ts";

const status = { ...user("status", "On branch main."), label: "Git status" };

describe("what a turn has prefilled", () => {
  it("is told by text, without what the template puts between", async () => {
    const chat = new Conversation();
    chat.segments = [system("s", "Be brief."), status, user("q", "Why?")];
    const { prefilled } = (await chat.answer()).reading;
    expect(prefilled).toEqual([
      { label: "Git status", tokens: "On branch main.".length },
      { label: "instructions", tokens: "Be brief.".length },
      { label: "message", tokens: "Why?".length },
    ]);
  });

  it("is only what was not resident", async () => {
    const chat = new Conversation();
    await chat.ask("Hello");
    chat.segments.push(status);
    const { prefilled, divergence } = (await chat.ask("Why?")).reading;
    expect(divergence).toBeNull();
    expect(prefilled.map(({ label }) => label)).toEqual(["Git status", "message"]);
  });

  it("names no more than eight texts", async () => {
    const chat = new Conversation();
    chat.segments = Array.from({ length: 20 }, (_, index) => user(`u${index}`, "Hello"));
    expect((await chat.answer()).reading.prefilled).toHaveLength(8);
  });
});

describe("the reason of a re-prefill", () => {
  it("is the text that was taken out, not the one that moved up", async () => {
    const chat = new Conversation();
    chat.segments = [system("s", "Be brief."), status, user("q", "Why?")];
    await chat.generate();
    chat.segments.splice(1, 1);
    expect((await chat.generate()).reading.divergence).toMatchObject({
      removed: true,
      segmentId: "status",
      segmentLabel: "Git status",
      text: expect.stringMatching(/^Why\?/u) as string,
    });
  });

  it("is the text that took the place of another", async () => {
    const chat = new Conversation();
    chat.segments = [system("s", "Be brief."), user("q", "Why?")];
    await chat.generate();
    chat.segments[1] = user("edited", "How?");
    expect((await chat.generate()).reading.divergence).toMatchObject({
      removed: false,
      segmentId: "edited",
    });
  });

  it("of another conversation is not mixed up with it", async () => {
    const chat = new Conversation();
    chat.segments = [system("s", "Be brief."), status];
    await chat.generate();
    const other = new Conversation({ beside: chat, contextId: "other" });
    other.segments = [system("s", "Be loud."), user("q", "Why?")];
    expect((await other.generate()).reading.divergence?.removed ?? false).toBe(false);
  });
});
