import { afterAll, beforeAll, expect, test } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { Conversation } from "../../extension/client/conversation.ts";
import { append, patchSegment } from "../../extension/context/change.ts";
import { emptyContext } from "../../extension/context/state.ts";
import { Warm } from "../../protocol/warm.ts";
import { open, startSidecar, system, user } from "../support/client.ts";

/** What the template puts around a message and behind a prompt, with some room for merged text. */
const FRAME_TOKENS_MAX = 16;

let sidecar: SidecarProcess;

beforeAll(async () => {
  sidecar = await startSidecar("tiny");
});
afterAll(async () => {
  await sidecar.stop();
});

const file = Array.from({ length: 80 }, (_, line) => `const value${line} = ${line};`).join("\n");
const firstLine = {
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 5 } },
  text: "let",
};

function chatAbout(id: string): Conversation {
  // Each begins with its own name, so that none finds the cells of another.
  const segments = [system(`${id}: you answer in one word.`), user("file", file)];
  return new Conversation(sidecar, append(emptyContext(id), segments));
}

async function ask(chat: Conversation, id: string): Promise<number> {
  chat.update((state) => append(state, [user(id, "Is value7 a constant?")]));
  const answer = await chat.generate({ sampling: { temperature: 0 }, maxTokens: 4 });
  return answer.usage.prefilledTokens;
}

test("an edited file that was prefilled ahead leaves the question alone to prefill", async () => {
  const chat = chatAbout("ahead");
  await ask(chat, "q1");
  chat.update((state) => patchSegment(state, "file", [firstLine]));
  const warmed = await chat.warm();
  expect(warmed.prefilledTokens).toBeGreaterThan(400);
  const asked = await ask(chat, "q2");
  expect(asked).toBeLessThan(8 + FRAME_TOKENS_MAX);

  // Without prefill ahead, the same question waits for the file.
  const late = chatAbout("late");
  await ask(late, "q1");
  late.update((state) => patchSegment(state, "file", [firstLine]));
  expect(await ask(late, "q2")).toBeGreaterThan(400);
});

test("of a flood of warm requests for one conversation few run, and the last one does", async () => {
  const contextId = "flood";
  await open(sidecar, contextId, [system("flood"), user("file", file)]);
  const request = { contextId, version: 1 };
  const flood = Array.from({ length: 300 }, () => sidecar.request(Warm, request));
  const outcomes = await Promise.allSettled(flood);
  expect(outcomes.at(-1)!.status).toBe("fulfilled");
  const refused = outcomes.filter(({ status }) => status === "rejected");
  for (const { reason } of refused as PromiseRejectedResult[]) {
    expect(String(reason)).toContain("cancelled");
  }
  expect(refused.length).toBeGreaterThan(0);
  const usages = outcomes.flatMap((one) => (one.status === "fulfilled" ? [one.value.usage] : []));
  const prefilled = usages.reduce((sum, { prefilledTokens }) => sum + prefilledTokens, 0);
  // All of them together have computed the prompt once.
  expect(prefilled).toBeLessThanOrEqual(usages[0]!.promptTokens);
});

test("a warm-up that an answer interrupts keeps what it finished", async () => {
  const [one, other] = [chatAbout("interrupted"), chatAbout("urgent")];
  one.update((state) => append(state, [user("more", `${file}\n${"// and on\n".repeat(100)}`)]));
  const warming = one.warm();
  const answered = await ask(other, "q");
  expect(answered).toBeGreaterThan(0);
  const { prefilledTokens } = await warming;
  const again = await one.warm();
  expect(again.prefixTokens + again.forkedTokens).toBeGreaterThanOrEqual(prefilledTokens);
  expect(again.prefixTokens + again.forkedTokens + again.prefilledTokens).toBe(again.promptTokens);
});
