import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SimulatedOptions } from "../engine/simulated/simulated-engine.ts";
import { answer, user } from "../history/segments.test-support.ts";
import { Conversation } from "./conversation.test-support.ts";

type Change = { kind: "edit" | "drop"; at: number; text: string };
type Act =
  | Change
  | { kind: "say"; text: string }
  | { kind: "warm" }
  | { kind: "answer"; maxTokens: number | undefined };

const text = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "<|im_end|>"), maxLength: 12 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("say" as const), text }),
  fc.record({ kind: fc.constantFrom("edit" as const, "drop" as const), at: fc.nat(20), text }),
  fc.record({ kind: fc.constant("warm" as const) }),
  fc.record({
    kind: fc.constant("answer" as const),
    maxTokens: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  }),
);

const model: fc.Arbitrary<SimulatedOptions> = fc.record({
  answers: fc.array(text, { minLength: 1, maxLength: 4 }),
  batchTokens: fc.constantFrom(1, 7, 16, 512),
  canCut: fc.boolean(),
  bos: fc.boolean(),
});

/** Changes the conversation as an editor would: an edited answer loses its ids. */
function change(chat: Conversation, { kind, at, text: edited }: Change): void {
  if (chat.segments.length === 0) return;
  const index = at % chat.segments.length;
  const { id, role } = chat.segments[index]!;
  if (kind === "drop") chat.segments.splice(index, 1);
  else chat.segments[index] = role === "assistant" ? answer(id, edited) : user(id, edited);
}

/** What an act does, and what it should have done. */
type Account = { readonly found: unknown; readonly expected: unknown };

async function perform(chat: Conversation, next: Act): Promise<Account> {
  if (next.kind === "answer") return await answered(chat, next.maxTokens);
  if (next.kind === "warm") return await warmed(chat);
  if (next.kind === "say") chat.say(next.text);
  else change(chat, next);
  return { found: null, expected: null };
}

async function warmed(chat: Conversation): Promise<Account> {
  const { cells } = chat.engine;
  const before = cells.evaluatedTokens();
  const { usage } = await chat.warm();
  const evaluatedTokens = cells.evaluatedTokens() - before;
  const prompt = await promptOf(chat);
  return {
    found: [
      usage.promptTokens,
      usage.prefixTokens + usage.prefilledTokens,
      evaluatedTokens,
      // More may stand behind it.
      cells.resident().slice(0, usage.promptTokens),
    ],
    expected: [prompt.length, prompt.length, usage.prefilledTokens, prompt],
  };
}

async function answered(chat: Conversation, maxTokens: number | undefined): Promise<Account> {
  const { cells } = chat.engine;
  const before = cells.evaluatedTokens();
  const request = maxTokens === undefined ? {} : { maxTokens };
  const { said, stop, reading } = await chat.generate(request);
  const { usage } = reading;
  const evaluatedTokens = cells.evaluatedTokens() - before;
  const resident = [...cells.resident()];
  const prompt = await promptOf(chat);
  chat.keep(said);
  // An id that is sampled last is not computed: the end of the answer, or its last token.
  const computed = said.generated.tokens.slice(0, stop === "maxTokens" ? -1 : undefined);
  return {
    found: [
      usage.promptTokens,
      usage.prefixTokens + usage.prefilledTokens,
      evaluatedTokens,
      resident,
    ],
    expected: [
      prompt.length,
      prompt.length,
      usage.prefilledTokens + computed.length,
      [...prompt, ...computed],
    ],
  };
}

/** The prompt, as a fresh model has it in its cells that then says nothing. */
async function promptOf({ segments, engine }: Conversation): Promise<readonly number[]> {
  const fresh = new Conversation({ bos: engine.chat.bosToken !== null, answers: [""] });
  fresh.segments = segments;
  await fresh.generate();
  return fresh.engine.cells.resident();
}

describe("any conversation", () => {
  it("leaves just its prompt and its answer in the cells, and accounts for every token", async () => {
    await fc.assert(
      fc.asyncProperty(model, fc.array(act, { maxLength: 20 }), async (options, acts) => {
        const chat = new Conversation(options);
        for (const next of acts) {
          const { found, expected } = await perform(chat, next);
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });
});
