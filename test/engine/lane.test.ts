import { expect, test } from "vitest";
import { ask, generate, loadEngine } from "../support/engine.ts";

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
