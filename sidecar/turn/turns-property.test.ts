import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Reuse } from "../../protocol/generate.ts";
import { reusedTokens } from "../../protocol/usage.ts";
import type { SimulatedOptions } from "../engine/simulated/simulated-engine.ts";
import { HOLE } from "../engine/simulated/simulated-moves.ts";
import { answer, user } from "../history/segments.test-support.ts";
import { Conversation } from "./conversation.test-support.ts";

type Change = { kind: "edit" | "drop"; at: number; text: string };
type Act =
  | Change
  | { kind: "say"; text: string }
  | { kind: "cancel"; reuse: Reuse; decodes: number }
  | { kind: "warm"; reuse: Reuse }
  | { kind: "answer"; reuse: Reuse; maxTokens: number | undefined };

const word = fc.string({ unit: fc.constantFrom("a", "b", " ", "\n", "<|im_end|>"), maxLength: 12 });
/** Long enough to be kept behind an edit. */
const paragraph = fc.constantFrom("one", "two", "three").map((name) => `${name} `.repeat(25));
const text = fc.oneof({ weight: 2, arbitrary: word }, { weight: 1, arbitrary: paragraph });
const reuse = fc.constantFrom<Reuse[]>("exact", "auto", "splice");
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant("say" as const), text }),
  fc.record({ kind: fc.constantFrom("edit" as const, "drop" as const), at: fc.nat(20), text }),
  fc.record({ reuse, kind: fc.constant("warm" as const) }),
  fc.record({ reuse, kind: fc.constant("cancel" as const), decodes: fc.nat(8) }),
  fc.record({
    reuse,
    kind: fc.constant("answer" as const),
    maxTokens: fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }),
  }),
);

/** More often the same conversation again than the other one. */
const turn = fc.record({ act, first: fc.constantFrom(true, true, false) });

const model: fc.Arbitrary<SimulatedOptions> = fc.record({
  answers: fc.array(text, { minLength: 1, maxLength: 4 }),
  batchTokens: fc.constantFrom(1, 7, 16, 512),
  canCut: fc.boolean(),
  canShift: fc.boolean(),
  checkpointsMax: fc.constantFrom(0, 1, 4, 40),
  // All cells for the window, so that conversations have to give way.
  cellsTokens: fc.constantFrom(8192 + 256, 8192),
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
  if (next.kind === "answer") return await answered(chat, next);
  if (next.kind === "cancel") return await cancelled(chat, next);
  if (next.kind === "warm") return await warmed(chat, next.reuse);
  if (next.kind === "say") chat.say(next.text);
  else change(chat, next);
  return { found: null, expected: null };
}

/** Cancels a turn before one of its decodes, if it comes so far. */
async function cancelled(
  chat: Conversation,
  { reuse: wanted, decodes }: Extract<Act, { kind: "cancel" }>,
): Promise<Account> {
  const { cells } = chat.engine;
  const before = cells.allEvaluatedTokens;
  const callsBefore = cells.decodeCalls;
  const controller = new AbortController();
  const { said, reading } = await chat.generate({
    reuse: wanted,
    signal: controller.signal,
    onEvent: () => {
      if (cells.decodeCalls - callsBefore >= decodes) controller.abort();
    },
  });
  const evaluatedTokens = cells.allEvaluatedTokens - before;
  const resident = tokensIn(chat);
  const prompt = await promptOf(chat);
  const answered = Math.max(0, resident.length - prompt.length);
  return {
    found: [resident, evaluatedTokens],
    expected: [
      [...prompt, ...said.generated.tokens].slice(0, resident.length),
      reading.usage.prefilledTokens + answered,
    ],
  };
}

async function warmed(chat: Conversation, wanted: Reuse): Promise<Account> {
  const { cells } = chat.engine;
  const before = cells.allEvaluatedTokens;
  const { usage } = await chat.warm({ reuse: wanted });
  const evaluatedTokens = cells.allEvaluatedTokens - before;
  const prompt = await promptOf(chat);
  return {
    found: [
      usage.promptTokens,
      reusedTokens(usage) + usage.prefilledTokens,
      evaluatedTokens,
      // More may stand behind it.
      tokensIn(chat).slice(0, usage.promptTokens),
    ],
    expected: [prompt.length, prompt.length, usage.prefilledTokens, prompt],
  };
}

async function answered(
  chat: Conversation,
  wanted: Extract<Act, { kind: "answer" }>,
): Promise<Account> {
  const { cells } = chat.engine;
  const before = cells.allEvaluatedTokens;
  const { maxTokens } = wanted;
  const limit = maxTokens === undefined ? {} : { maxTokens };
  const { said, stop, reading } = await chat.generate({ ...limit, reuse: wanted.reuse });
  const { usage } = reading;
  const evaluatedTokens = cells.allEvaluatedTokens - before;
  const resident = tokensIn(chat);
  const prompt = await promptOf(chat);
  chat.keep(said);
  // An id that is sampled last is not computed: the end of the answer, or its last token.
  const computed = said.generated.tokens.slice(0, stop === "maxTokens" ? -1 : undefined);
  return {
    found: [
      usage.promptTokens,
      reusedTokens(usage) + usage.prefilledTokens,
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

/** What is in the cells, without the holes between them. */
function tokensIn({ engine }: Conversation): number[] {
  return engine.cells.resident().filter((id) => id !== HOLE);
}

/** The prompt, as a fresh model has it in its cells that then says nothing. */
async function promptOf({ segments, engine }: Conversation): Promise<readonly number[]> {
  const fresh = new Conversation({ bos: engine.chat.bosToken !== null, answers: [""] });
  fresh.segments = segments;
  await fresh.generate();
  return fresh.engine.cells.resident();
}

describe("any two conversations on one model", () => {
  it("leave just their prompt and their answer in the cells, and account for every token", async () => {
    await fc.assert(
      fc.asyncProperty(model, fc.array(turn, { maxLength: 20 }), async (options, turns) => {
        const chat = new Conversation(options);
        const other = new Conversation({ beside: chat, contextId: "other" });
        for (const { act: next, first } of turns) {
          const { found, expected } = await perform(first ? chat : other, next);
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: 200 },
    );
  });
});
