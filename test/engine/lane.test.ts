import { expect, test } from "vitest";
import { Lane } from "../../sidecar/lane/lane.ts";
import { ask, generate, loadEngine } from "../support/engine.ts";

const NEVER = new AbortController().signal;

test("a job runs between two decodes of an answer, and the answer stays the same", async () => {
  const lane = new Lane();
  const engine = await loadEngine("tiny", { beforeDecode: lane.beforeDecode });
  const alone = await lane.run("answer", NEVER, () =>
    generate(engine, ask("Count."), { maxTokens: 20 }),
  );
  const seen: number[] = [];
  let pending: Promise<void> = Promise.resolve();
  let tokens = 0;
  const between = await lane.run("answer", NEVER, () =>
    generate(engine, ask("Count."), {
      maxTokens: 20,
      onToken: () => {
        tokens++;
        if (tokens % 5 === 0) {
          const atToken = tokens;
          pending = lane.betweenDecodes(async () => {
            seen.push(atToken);
          });
        }
      },
    }),
  );
  await pending;
  expect(between.tokens).toEqual(alone.tokens);
  expect(seen).toEqual([5, 10, 15, 20].filter((at) => at <= tokens));
  await engine.dispose();
});

test("every decode of prefill and answer passes the seat of the scheduler", async () => {
  let decodes = 0;
  const engine = await loadEngine("tiny", {
    beforeDecode: () => {
      decodes++;
      return undefined;
    },
  });
  const answer = await generate(engine, ask("Count."), { says: "one two three<|im_end|>" });
  // One batch for the prompt, one decode for its last token and one for each generated one.
  expect(decodes).toBe(2 + answer.tokens.length);
  await engine.dispose();
});
