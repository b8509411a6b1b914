import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { ChangeContext } from "../../protocol/context.ts";
import { ClearCache, CountTokens } from "../../protocol/model.ts";
import { reusedTokens } from "../../protocol/usage.ts";
import { Warm } from "../../protocol/warm.ts";
import { answer, errorOf, open, startSidecar, system, user } from "../support/client.ts";

let sidecar: SidecarProcess;

beforeAll(async () => {
  sidecar = await startSidecar("tiny");
});
afterAll(async () => {
  await sidecar.stop();
});

async function count(...texts: string[]): Promise<number[]> {
  return (await sidecar.request(CountTokens, { texts })).counts;
}

describe("a conversation", () => {
  test("prefills only the new message in its second turn", async () => {
    await open(sidecar, "two-turns", [system("You are Kvasir."), user("u1", "Explain the file.")]);
    const first = await answer(sidecar, "two-turns", 1, { maxTokens: 12 });
    expect(first.usage.prefilledTokens).toBe(first.usage.promptTokens);
    const message = "And now the next one, please.";
    await sidecar.request(ChangeContext, {
      contextId: "two-turns",
      fromVersion: 1,
      version: 2,
      edits: [
        {
          kind: "adopt",
          generationId: first.generationId,
          id: "a1",
          after: "u1",
          stability: "history",
        },
        { kind: "insert", after: "a1", segments: [user("u2", message)] },
      ],
    });
    const second = await answer(sidecar, "two-turns", 2);
    const [messageTokens] = await count(message);
    // The template's <|im_end|> \n <|im_start|> user \n before the message, and the same with
    // "assistant" behind it. A sampled token enters the cache only when the next one is wanted, so
    // the last one of an answer that was cut short is still to come.
    const frameTokens = 10;
    const undecodedTokens = first.stop === "maxTokens" ? 1 : 0;
    expect(second.usage.prefilledTokens).toBe(messageTokens! + frameTokens + undecodedTokens);
    expect(second.usage.prefixTokens).toBe(
      first.usage.promptTokens + first.usage.generatedTokens - undecodedTokens,
    );
    expect(reusedTokens(second.usage) + second.usage.prefilledTokens).toBe(
      second.usage.promptTokens,
    );
    expect(second.reading?.divergence).toBeNull();
  });

  test("answers the same whether its prompt was resident or not", async () => {
    const segments = [system("You are Kvasir."), user("u1", "Say it twice.")];
    await open(sidecar, "same", segments);
    const warm = await answer(sidecar, "same", 1, { maxTokens: 16 });
    await sidecar.requestBare(ClearCache);
    const cold = await answer(sidecar, "same", 1, { maxTokens: 16 });
    expect(cold.usage.prefixTokens).toBe(0);
    expect(cold.generated.tokens).toEqual(warm.generated.tokens);
  });

  test("names the edited segment as the reason of a re-prefill", async () => {
    const file = { ...user("file", "line one\nline two\nline three\n"), label: "src/a.ts" };
    await open(sidecar, "edited", [system("You are Kvasir."), file, user("u1", "Why?")]);
    await answer(sidecar, "edited", 1);
    await sidecar.request(ChangeContext, {
      contextId: "edited",
      fromVersion: 1,
      version: 2,
      edits: [
        {
          kind: "patch",
          id: "file",
          changes: [
            {
              range: { start: { line: 1, character: 5 }, end: { line: 1, character: 8 } },
              text: "2",
            },
          ],
        },
      ],
    });
    const after = await answer(sidecar, "edited", 2);
    const divergence = after.reading?.divergence;
    expect(divergence).toMatchObject({ segmentId: "file", segmentLabel: "src/a.ts" });
    expect(divergence?.text).toContain("2");
    expect(after.usage.prefixTokens).toBe(divergence?.tokenIndex);
    expect(after.usage.prefixTokens).toBeGreaterThan(0);
  });

  test("that was warmed up decodes one prompt token when it is asked", async () => {
    await open(sidecar, "warmed", [system("Warm."), user("u1", "One two three four five.")]);
    const warmed = await sidecar.request(Warm, { contextId: "warmed", version: 1 });
    expect(warmed.usage.prefilledTokens + reusedTokens(warmed.usage)).toBe(
      warmed.usage.promptTokens,
    );
    const asked = await answer(sidecar, "warmed", 1);
    expect(asked.usage.prefilledTokens).toBe(1);
  });

  test("streams prefill progress, then text, and ends with the usage of the turn", async () => {
    await open(sidecar, "stream", [system("Stream."), user("u1", "x ".repeat(300))]);
    const streamed = await answer(sidecar, "stream", 1);
    const prefills = streamed.events.filter((event) => event.kind === "prefill");
    expect(prefills.length).toBeGreaterThan(1);
    expect(prefills.at(-1)).toMatchObject({
      processedTokens: streamed.usage.promptTokens - 1,
      totalTokens: streamed.usage.promptTokens,
    });
    expect(streamed.events.at(-1)?.kind).toBe("text");
    expect(streamed.firstTokenMs).toBeGreaterThan(0);
    expect(streamed.reading?.usage).toEqual(streamed.usage);
  });

  test("calls a tool of its context when a call is demanded", async () => {
    const tools = [
      {
        name: "read_file",
        description: "Reads a file.",
        parameters: {
          type: "object",
          properties: { line: { type: "integer" } },
          required: ["line"],
        },
      },
    ];
    await open(sidecar, "tools", [user("u1", "Read line 3.")], tools);
    const called = await answer(sidecar, "tools", 1, { toolChoice: "required", maxTokens: 200 });
    expect(called.stop).toBe("toolCalls");
    const [call] = called.events.flatMap((event) =>
      event.kind === "toolCall" ? [event.call] : [],
    );
    expect(call?.name).toBe("read_file");
    expect(call?.arguments["line"]).toBeTypeOf("number");
    await sidecar.request(ChangeContext, {
      contextId: "tools",
      fromVersion: 1,
      version: 2,
      edits: [
        {
          kind: "adopt",
          generationId: called.generationId,
          id: "a1",
          after: "u1",
          stability: "recent",
        },
        {
          kind: "insert",
          after: "a1",
          segments: [
            {
              id: "t1",
              role: "tool",
              kind: "toolResult",
              stability: "recent",
              toolCallId: call!.id,
              toolName: call!.name,
              text: "const a = 1;",
            },
          ],
        },
      ],
    });
    const next = await answer(sidecar, "tools", 2);
    const residentBefore = called.usage.promptTokens + called.usage.generatedTokens;
    expect(next.usage.prefixTokens).toBeGreaterThanOrEqual(residentBefore - 1);
    expect(next.usage.prefilledTokens).toBeLessThan(40);
  });
});

describe("a splice", () => {
  test("prefills an edit and keeps what follows; an exact turn computes it again", async () => {
    const file = { ...user("file", "line\n".repeat(200)), label: "src/a.ts" };
    await open(sidecar, "splice", [system("You are Kvasir."), file, user("u1", "Why?")]);
    await answer(sidecar, "splice", 1);
    const change = { start: { line: 20, character: 0 }, end: { line: 20, character: 4 } };
    await sidecar.request(ChangeContext, {
      contextId: "splice",
      fromVersion: 1,
      version: 2,
      edits: [{ kind: "patch", id: "file", changes: [{ range: change, text: "one other line" }] }],
    });
    const spliced = await answer(sidecar, "splice", 2, { reuse: "splice" });
    expect(spliced.usage.splicedTokens).toBeGreaterThan(300);
    expect(spliced.usage.staleTokens).toBeGreaterThanOrEqual(spliced.usage.splicedTokens);
    expect(spliced.usage.prefilledTokens).toBeLessThan(20);
    const exact = await answer(sidecar, "splice", 2);
    expect(exact.usage.splicedTokens).toBe(0);
    expect(exact.usage.staleTokens).toBe(0);
    expect(exact.usage.prefilledTokens).toBeGreaterThan(spliced.usage.splicedTokens);
  });
});

describe("a cancelled request", () => {
  test("in a long prefill keeps what is finished, and the next one prefills only the rest", async () => {
    const long = await startSidecar("bench", { windowTokens: 8192 });
    const words = Array.from({ length: 600 }, (_, index) => `w${index % 97}`).join(" ");
    await open(long, "long", [user("u1", words)]);
    const controller = new AbortController();
    const cancelled = await answer(long, "long", 1, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "prefill" && event.processedTokens > 0) controller.abort();
      },
    });
    expect(cancelled.stop).toBe("cancelled");
    expect(cancelled.usage.prefilledTokens).toBeGreaterThan(0);
    expect(cancelled.usage.prefilledTokens).toBeLessThan(cancelled.usage.promptTokens);
    const again = await answer(long, "long", 1);
    expect(again.usage.prefixTokens).toBe(cancelled.usage.prefilledTokens);
    expect(again.usage.prefixTokens + again.usage.prefilledTokens).toBe(again.usage.promptTokens);
    await long.stop();
  });

  test("in the middle of an answer returns the part that was said", async () => {
    await open(sidecar, "stop", [user("u1", "Go on and on.")]);
    const controller = new AbortController();
    const stopped = await answer(sidecar, "stop", 1, {
      maxTokens: 500,
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === "text") controller.abort();
      },
    });
    expect(["cancelled", "end"]).toContain(stopped.stop);
    expect(stopped.usage.generatedTokens).toBeLessThan(500);
    const next = await answer(sidecar, "stop", 1);
    expect(next.usage.prefilledTokens).toBe(1);
  });
});

describe("a prompt that does not fit", () => {
  test("is refused with the numbers, and nothing is evaluated or cut", async () => {
    await open(sidecar, "small", [user("u1", "Small.")]);
    await answer(sidecar, "small", 1);
    await open(sidecar, "huge", [user("u1", "word ".repeat(3000))]);
    const refused = await errorOf(answer(sidecar, "huge", 1));
    expect(refused).toMatchObject({ kind: "promptTooLong", figures: { windowTokens: 2048 } });
    expect(refused.figures?.["promptTokens"]).toBeGreaterThan(2048);
    const small = await answer(sidecar, "small", 1);
    expect(small.usage.prefilledTokens).toBe(1);
  });

  test("together with the room that its answer has to have is refused as well", async () => {
    await open(sidecar, "room", [user("u1", "Small.")]);
    const refused = await errorOf(answer(sidecar, "room", 1, { roomTokens: 2048 }));
    expect(refused).toMatchObject({ kind: "promptTooLong", figures: { neededTokens: 2048 } });
  });

  test("by one token is refused, and one that fills the window to the last is served", async () => {
    const small = await startSidecar("tiny", { windowTokens: 64 });
    await open(small, "brim", [user("u1", "Fill.")]);
    const { usage } = await answer(small, "brim", 1, { maxTokens: 1 });
    const room = 64 - usage.promptTokens;
    expect(await errorOf(answer(small, "brim", 1, { roomTokens: room + 1 }))).toMatchObject({
      kind: "promptTooLong",
    });
    for (const maxTokens of [room, 100_000]) {
      const filled = await answer(small, "brim", 1, { maxTokens, roomTokens: room });
      expect(filled.stop === "end" || filled.usage.generatedTokens === room).toBe(true);
    }
    await small.stop();
  });
});

test("counts tokens as the model does, without spending any", async () => {
  expect(await count("", "a", "const answer = 42;")).toEqual([0, 1, expect.any(Number)]);
});
