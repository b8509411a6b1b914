import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lane } from "../lane/lane.ts";
import { Conversation } from "./conversation.test-support.ts";
import type { TurnResult } from "./turns.ts";

/** Several conversations on one model whose turns run in one lane. */
class Shared {
  readonly lane: Lane;
  readonly all: readonly Conversation[];

  constructor(
    names: readonly string[],
    options: { readonly cellsTokens?: number; readonly windowTokens?: number } = {},
  ) {
    // Every look at the clock is a quantum later, so the model changes hands as often as it can.
    let nowMs = 0;
    this.lane = new Lane({ now: () => (nowMs += 60) });
    const first = new Conversation({
      beforeDecode: this.lane.beforeDecode,
      windowTokens: 1000,
      batchTokens: 16,
      answers: ["An answer of some length."],
      ...options,
    });
    const others = names
      .slice(1)
      .map((contextId) => new Conversation({ beside: first, contextId }));
    this.all = [first, ...others];
  }

  async answer(chat: Conversation, signal = new AbortController().signal): Promise<TurnResult> {
    const { contextId: agent } = chat;
    return await this.lane.run({ priority: "answer", agent, signal }, (hold) =>
      chat.answer({ signal: hold.signal, sharing: hold, maxTokens: 100 }),
    );
  }
}

function prompt(seed: number): string {
  return `${"The same beginning. ".repeat(3)}${String.fromCharCode(97 + seed).repeat(60 + seed * 7)}`;
}

/** What a conversation says that has the model for itself. */
async function alone(questions: readonly string[]): Promise<TurnResult[]> {
  const chat = new Conversation({
    windowTokens: 1000,
    batchTokens: 16,
    answers: ["An answer of some length."],
  });
  const results: TurnResult[] = [];
  for (const question of questions) {
    chat.say(question);
    results.push(await chat.answer({ maxTokens: 100 }));
  }
  return results;
}

describe("agents that share the model", () => {
  it("get the answers that they get alone, and change hands in the middle of them", async () => {
    const shared = new Shared(["chat", "b", "c"]);
    for (const [at, chat] of shared.all.entries()) chat.say(prompt(at));
    const seats: number[] = [];
    const { cells } = shared.all[0]!.engine;
    const results = await Promise.all(
      shared.all.map((chat) =>
        shared.lane.run(
          { priority: "answer", agent: chat.contextId, signal: new AbortController().signal },
          (hold) =>
            chat.answer({
              sharing: hold,
              maxTokens: 100,
              signal: hold.signal,
              onEvent: () => seats.push(cells.seat),
            }),
        ),
      ),
    );
    for (const [at, { said }] of results.entries()) {
      expect(said).toEqual((await alone([prompt(at)]))[0]!.said);
    }
    const changes = seats.filter((seat, at) => at > 0 && seat !== seats[at - 1]).length;
    expect(changes).toBeGreaterThan(20);
  });

  it("each account for their own tokens", async () => {
    const shared = new Shared(["chat", "b"]);
    for (const [at, chat] of shared.all.entries()) chat.say(prompt(at));
    const { cells } = shared.all[0]!.engine;
    const results = await Promise.all(shared.all.map((chat) => shared.answer(chat)));
    const usages = results.map(({ reading }) => reading.usage);
    for (const { promptTokens, prefixTokens, forkedTokens, prefilledTokens } of usages) {
      expect(prefixTokens + forkedTokens + prefilledTokens).toBe(promptTokens);
    }
    const generated = usages.reduce((sum, usage) => sum + usage.generatedTokens, 0);
    const prefilled = usages.reduce((sum, usage) => sum + usage.prefilledTokens, 0);
    expect(cells.allEvaluatedTokens).toBe(prefilled + generated);
  });

  it("take turns also where nobody has limited their answers", async () => {
    const shared = new Shared(["chat", "b"], { windowTokens: 20_000 });
    for (const [at, chat] of shared.all.entries()) chat.say(prompt(at));
    const order: string[] = [];
    await Promise.all(
      shared.all.map((chat) =>
        shared.lane.run(
          { priority: "answer", agent: chat.contextId, signal: new AbortController().signal },
          async (hold) => {
            const onEvent = (): void => void order.push(chat.contextId);
            await chat.answer({ sharing: hold, signal: hold.signal, onEvent });
          },
        ),
      ),
    );
    const changes = order.filter((name, at) => at > 0 && name !== order[at - 1]).length;
    expect(changes).toBeGreaterThan(10);
  });

  it("wait for each other where the cells do not hold both", async () => {
    const shared = new Shared(["chat", "b"], { cellsTokens: 1000 });
    for (const [at, chat] of shared.all.entries()) chat.say("x".repeat(600 + at));
    const results = await Promise.all(shared.all.map((chat) => shared.answer(chat)));
    expect(results.map(({ stop }) => stop)).toEqual(["end", "end"]);
  });

  it("come to the same, whoever comes when and is cancelled", async () => {
    const act = fc.record({
      agent: fc.nat(2),
      question: fc.nat(5),
      turns: fc.nat(400),
      cancelAfter: fc.option(fc.nat(300)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 1, maxLength: 6 }), async (acts) => {
        const shared = new Shared(["chat", "b", "c"]);
        const asked: string[][] = [[], [], []];
        const texts: string[][] = [[], [], []];
        let queue: Promise<unknown>[] = [Promise.resolve(), Promise.resolve(), Promise.resolve()];
        for (const { agent, question, turns, cancelAfter } of acts) {
          queue = queue.with(
            agent,
            queue[agent]!.then(async () => {
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              const chat = shared.all[agent]!;
              const controller = new AbortController();
              if (cancelAfter !== null) void abortLater(controller, cancelAfter);
              chat.say(prompt(question));
              const before = chat.segments.length;
              const { said, stop } = await shared
                .answer(chat, controller.signal)
                .catch((): Pick<TurnResult, "said" | "stop"> => ({
                  said: NOTHING,
                  stop: "cancelled",
                }));
              if (stop === "cancelled") chat.segments.length = before - 1;
              else {
                asked[agent]!.push(prompt(question));
                texts[agent]!.push(said.text);
              }
            }),
          );
        }
        await Promise.all(queue);
        expect(shared.lane.isIdle).toBe(true);
        for (const [agent, questions] of asked.entries()) {
          const expected = await alone(questions);
          expect(texts[agent]).toEqual(expected.map(({ said }) => said.text));
        }
        // What each goes on with is what it has said and heard, and nothing of the others.
        for (const chat of shared.all) {
          chat.say("And?");
          const { said, reading } = await shared.answer(chat);
          expect(said.text).toBe("An answer of some length.");
          expect(reading.usage.staleTokens).toBe(0);
        }
      }),
      { numRuns: 150 },
    );
  });
});

const NOTHING = { text: "", generated: { fingerprint: "", tokens: [] } };

async function abortLater(controller: AbortController, turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  controller.abort();
}
