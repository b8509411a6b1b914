import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { user } from "../../sidecar/history/segments.test-support.ts";
import { Lane } from "../../sidecar/lane/lane.ts";
import { type GenerateRequest, type TurnResult, Turns } from "../../sidecar/turn/turns.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { ask, generate, loadEngine } from "../support/engine.ts";

const { signal } = new AbortController();

/** A clock that makes the model change hands at every decode. */
let nowMs = 0;
let lane = new Lane();
let engine: Engine;
let turns: Turns;

beforeAll(async () => {
  engine = await loadEngine("tiny", { beforeDecode: () => lane.beforeDecode() });
  turns = new Turns(engine);
});
afterAll(async () => {
  await engine.dispose();
});
beforeEach(async () => {
  lane = new Lane({ now: () => (nowMs += 60) });
  await turns.clear();
});

type Agent = { readonly name: string; readonly text: string; readonly maxTokens: number };

const shared = "Everyone is told the same at first. ".repeat(20);
const agents: readonly Agent[] = [
  { name: "a", text: `${shared}Name a colour.`, maxTokens: 30 },
  { name: "b", text: `${shared}${"Read this twice. ".repeat(40)}`, maxTokens: 25 },
  { name: "c", text: "Count.", maxTokens: 40 },
];

async function answer(
  { name, text, maxTokens }: Agent,
  more: Partial<GenerateRequest> = {},
): Promise<TurnResult> {
  return await lane.run({ priority: "answer", agent: name, signal }, (hold) =>
    turns.generate({
      contextId: name,
      window: { version: 1, segments: [user("q", text)], tools: [] },
      sampling: { temperature: 0 },
      receivedMs: performance.now(),
      onEvent: () => undefined,
      maxTokens,
      signal: hold.signal,
      sharing: hold,
      ...more,
    }),
  );
}

describe("agents that take turns", () => {
  test("say what each of them says alone, token by token", async () => {
    const alone: TurnResult[] = [];
    for (const agent of agents) {
      await turns.clear();
      alone.push(await answer(agent));
    }
    await turns.clear();
    const order: string[] = [];
    const together = await Promise.all(
      agents.map((agent) => answer(agent, { onEvent: () => order.push(agent.name) })),
    );
    for (const [at, { said, stop, reading }] of together.entries()) {
      expect(said.generated.tokens).toEqual(alone[at]!.said.generated.tokens);
      expect(stop).toBe(alone[at]!.stop);
      const { promptTokens, prefixTokens, forkedTokens, prefilledTokens } = reading.usage;
      expect(prefixTokens + forkedTokens + prefilledTokens).toBe(promptTokens);
    }
    const changes = order.filter((name, at) => at > 0 && name !== order[at - 1]).length;
    expect(changes).toBeGreaterThan(20);
  });

  test("share the cells of a common beginning", async () => {
    await answer(agents[0]!);
    const [second, third] = await Promise.all([answer(agents[1]!), answer(agents[2]!)]);
    expect(second.reading.usage.forkedTokens).toBeGreaterThan(100);
    expect(third.reading.usage.prefilledTokens).toBeLessThan(40);
  });

  test("go on undisturbed when one of them is cancelled in the middle", async () => {
    const [first, second] = [agents[0]!, agents[2]!];
    const alone = await answer(second);
    await turns.clear();
    const controller = new AbortController();
    let parts = 0;
    const cancelled = lane.run(
      { priority: "answer", agent: first.name, signal: controller.signal },
      (hold) =>
        turns.generate({
          contextId: first.name,
          window: { version: 1, segments: [user("q", first.text)], tools: [] },
          sampling: { temperature: 0 },
          receivedMs: performance.now(),
          signal: hold.signal,
          sharing: hold,
          maxTokens: 500,
          onEvent: ({ kind }) => {
            if (kind !== "prefill" && ++parts === 5) controller.abort();
          },
        }),
    );
    const [stopped, { said }] = await Promise.all([cancelled, answer(second)]);
    expect(stopped.stop).toBe("cancelled");
    expect(said.generated.tokens).toEqual(alone.said.generated.tokens);
  });
});

test("every decode of prefill and answer passes the seat of the scheduler", async () => {
  let decodes = 0;
  const counted = await loadEngine("tiny", {
    beforeDecode: () => {
      decodes++;
      return undefined;
    },
  });
  const said = await generate(counted, ask("Count."), { says: "one two three<|im_end|>" });
  // One batch for the prompt, one decode for its last token and one for each generated one.
  expect(decodes).toBe(2 + said.tokens.length);
  await counted.dispose();
});
