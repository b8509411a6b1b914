import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { user } from "../history/segments.test-support.ts";
import { Conversation } from "./conversation.test-support.ts";

/** A conversation whose first text was changed, so that all behind it is stale. */
async function spliced(options: { cellsTokens?: number } = {}): Promise<Conversation> {
  const chat = new Conversation({ windowTokens: 1000, batchTokens: 16, ...options });
  chat.segments = [user("notes", "m".repeat(40)), user("file", "x".repeat(300)), user("q", "Why?")];
  await chat.generate();
  chat.segments[0] = user("notes", "n".repeat(55));
  const { reading } = await chat.generate({ reuse: "splice" });
  expect(reading.usage.staleTokens).toBeGreaterThan(250);
  return chat;
}

/** A signal that fires before so many decodes have been made. */
function after(chat: Conversation, decodes: number): AbortSignal {
  const controller = new AbortController();
  const { cells } = chat.engine;
  const limit = cells.decodeCalls + decodes;
  const { aborted } = controller.signal;
  if (!aborted && decodes === 0) controller.abort();
  Object.defineProperty(controller.signal, "aborted", { get: () => cells.decodeCalls >= limit });
  return controller.signal;
}

describe("stale cells", () => {
  it("are told with the edits since which they are stale", async () => {
    const chat = await spliced();
    // Before all that the first edit made stale, which stays stale since that one.
    chat.segments.unshift({ ...user("more", "k".repeat(80)), label: "more.md" });
    const { usage, staleSince } = (await chat.generate({ reuse: "splice" })).reading;
    expect(staleSince.map(({ segmentLabel, text }) => [segmentLabel, text])).toEqual([
      ["message", "n".repeat(12)],
      ["more.md", "k".repeat(12)],
    ]);
    expect(staleSince.reduce((sum, { tokens }) => sum + tokens, 0)).toBe(usage.staleTokens);
    expect(staleSince[1]!.tokens).toBeGreaterThanOrEqual(55);
    expect((await chat.generate()).reading.staleSince).toEqual([]);
  });
});

describe("a fold", () => {
  it("computes what is stale, and nothing else, and leaves nothing stale", async () => {
    const chat = await spliced();
    const resident = [...chat.engine.cells.resident()];
    const { task, usage, drift } = await chat.turns.fold(new AbortController().signal);
    expect(task).toBe("fold");
    expect(usage.prefixTokens + usage.prefilledTokens).toBe(resident.length);
    expect(usage.staleTokens).toBe(0);
    expect(chat.turns.canFold).toBe(false);
    expect(chat.engine.cells.resident()).toEqual(resident);
    expect(drift?.statistics.repairs).toBe(1);
  });

  it("has the next exact turn prefill its own text alone", async () => {
    const chat = await spliced();
    await chat.turns.fold(new AbortController().signal);
    const { usage } = (await chat.generate()).reading;
    // The answer before is not part of this prompt, and its last token is always computed.
    expect(usage.prefilledTokens).toBe(1);
  });

  it("works in a cache that is full to the last cell", async () => {
    const chat = await spliced({ cellsTokens: 1000 });
    const free = 1000 - chat.engine.cells.resident().length;
    chat.segments.push(user("more", "z".repeat(free - 60)));
    await chat.warm({ reuse: "splice" });
    expect(chat.turns.canFold).toBe(true);
    const { usage } = await chat.turns.fold(new AbortController().signal);
    expect(usage.staleTokens).toBe(0);
  });

  it("keeps what it finished when it is interrupted anywhere, and the rest as it was", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(8), { maxLength: 6 }), async (interruptions) => {
        const chat = await spliced();
        const resident = [...chat.engine.cells.resident()];
        let staleTokens = Number.POSITIVE_INFINITY;
        for (const decodes of interruptions) {
          if (!chat.turns.canFold) break;
          const { usage } = await chat.turns.fold(after(chat, decodes));
          expect(usage.staleTokens).toBeLessThanOrEqual(staleTokens);
          expect(usage.prefixTokens + usage.prefilledTokens + usage.staleTokens).toBe(
            resident.length,
          );
          staleTokens = usage.staleTokens;
          expect(chat.engine.cells.resident()).toEqual(resident);
        }
        const { said, reading } = await chat.generate();
        expect(said.text).toBe("Yes.");
        expect(reading.usage.staleTokens).toBe(0);
        const fresh = new Conversation({ windowTokens: 1000, batchTokens: 16 });
        fresh.segments = chat.segments;
        await fresh.generate();
        expect(chat.engine.cells.resident()).toEqual(fresh.engine.cells.resident());
      }),
      { numRuns: 100 },
    );
  });
});
