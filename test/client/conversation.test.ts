import { expect, it } from "vitest";
import { Conversation } from "../../extension/client/conversation.ts";
import { append, patchSegment } from "../../extension/context/change.ts";
import { emptyContext } from "../../extension/context/state.ts";
import { errorDataOf } from "../../protocol/errors.ts";
import { Meter, type MeterReading } from "../../protocol/meter.ts";
import type { TextSegment } from "../../protocol/segment.ts";
import { reusedTokens } from "../../protocol/usage.ts";
import { startSidecar, stopSidecarsAfterEach } from "../support/sidecar.ts";

stopSidecarsAfterEach();

const greedy = { sampling: { temperature: 0 }, maxTokens: 8 };

function message(id: string, text: string): TextSegment {
  return { id, kind: "message", stability: "recent", label: id, role: "user", text };
}

const opening = append(emptyContext("c"), [
  message("file", "The first line of a file.\nThe second line of it.\n"),
  message("first", "What does the file say?"),
]);

it("prefills only the new message in the second turn", async () => {
  const conversation = new Conversation(await startSidecar(), opening);
  const { usage: first } = await conversation.generate(greedy);
  expect(first.prefilledTokens).toBe(first.promptTokens);
  conversation.update((state) => append(state, [message("second", "And then?")]));
  const { usage: second } = await conversation.generate(greedy);
  // The last generated token has not been decoded; all before it are there.
  expect(reusedTokens(second)).toBe(first.promptTokens + first.generatedTokens - 1);
  expect(reusedTokens(second) + second.prefilledTokens).toBe(second.promptTokens);
});

it("holds the same text as the sidecar after adopting and editing", async () => {
  const sidecar = await startSidecar();
  const conversation = new Conversation(sidecar, opening);
  const { segment } = await conversation.generate(greedy);
  const start = { line: 1, character: 4 };
  const end = { line: 1, character: 10 };
  conversation.update((state) =>
    patchSegment(append(state, [message("second", "And then?")]), "file", [
      { range: { start, end }, text: "2nd" },
    ]),
  );
  const warmed = await conversation.warm();
  // A copy that is opened as a whole is found resident as a whole.
  const copy = new Conversation(sidecar, { ...conversation.state, id: "copy" });
  const usage = await copy.warm();
  expect(usage).toMatchObject({ promptTokens: warmed.promptTokens, prefilledTokens: 0 });
  expect(conversation.state.segments).toContain(segment);
});

it("names the segment that was edited as the reason for prefilling again", async () => {
  const sidecar = await startSidecar();
  const readings: MeterReading[] = [];
  sidecar.onNotification(Meter, (reading) => readings.push(reading));
  const conversation = new Conversation(sidecar, opening);
  await conversation.generate(greedy);
  const start = { line: 1, character: 4 };
  conversation.update((state) =>
    patchSegment(state, "file", [{ range: { start, end: start }, text: "new " }]),
  );
  await conversation.generate(greedy);
  expect(readings[0]?.divergence).toBeNull();
  expect(readings[1]?.divergence).toMatchObject({ segmentId: "file", segmentLabel: "file" });
});

it("keeps a cancelled answer and goes on from it", async () => {
  const conversation = new Conversation(await startSidecar(), opening);
  const controller = new AbortController();
  const { stop, segment } = await conversation.generate({
    sampling: { temperature: 0 },
    signal: controller.signal,
    onEvent: ({ kind }) => {
      if (kind === "text") controller.abort();
    },
  });
  expect(stop).toBe("cancelled");
  expect(segment.text).not.toBe("");
  conversation.update((state) => append(state, [message("second", "Go on.")]));
  const { stop: nextStop, usage } = await conversation.generate(greedy);
  expect(nextStop).toBe("maxTokens");
  expect(usage.prefilledTokens).toBeLessThan(usage.promptTokens);
});

it("goes on with a conversation that the sidecar has lost", async () => {
  const sidecar = await startSidecar();
  const conversation = new Conversation(sidecar, opening);
  await conversation.generate(greedy);
  // Another owner of the same context, such as a second window, closes it.
  const other = new Conversation(sidecar, opening);
  await other.warm();
  await other.close();
  conversation.update((state) => append(state, [message("second", "Still there?")]));
  const { usage } = await conversation.generate(greedy);
  expect(usage.generatedTokens).toBe(8);
});

it("passes a refusal on with its kind", async () => {
  const conversation = new Conversation(await startSidecar(), opening);
  const refused = conversation.generate({ ...greedy, roomTokens: 100_000 });
  const error: unknown = await refused.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(errorDataOf(error)?.kind).toBe("promptTooLong");
});

it("says in one sentence that the sidecar has ended, and works with the next one", async () => {
  const sidecar = await startSidecar();
  const conversation = new Conversation(sidecar, opening);
  const broken = conversation.generate({
    sampling: { temperature: 0 },
    onEvent: ({ kind }) => {
      if (kind === "text") process.kill(sidecar.processId!, "SIGKILL");
    },
  });
  await expect(broken).rejects.toThrow("The sidecar ended unexpectedly (SIGKILL).");
  expect(conversation.state.segments).toEqual(opening.segments);
  const next = new Conversation(await startSidecar(), conversation.state);
  expect((await next.generate(greedy)).usage.generatedTokens).toBe(8);
});
