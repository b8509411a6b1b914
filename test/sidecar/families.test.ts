import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { ChangeContext } from "../../protocol/context.ts";
import { CountTokens, LoadModel } from "../../protocol/model.ts";
import { answer, open, startSidecar, system, user } from "../support/client.ts";

/** What the template writes around a new message and the answer that it opens. */
const FRAME_TOKENS = 10;

/** A conversation with each family of models, over the real protocol. */
describe.each([
  ["tiny-qwen2", "everything"],
  ["tiny-qwen2vl", "sameLength"],
  ["tiny-deepseek2", "everything"],
  ["tiny-gemma3", "checkpoints"],
  ["tiny-mamba", "checkpoints"],
  ["tiny-lfm2", "checkpoints"],
])("%s", (model, kind) => {
  let sidecar: SidecarProcess;

  beforeAll(async () => {
    sidecar = await startSidecar(model);
  });
  afterAll(async () => {
    await sidecar.stop();
  });

  test(`is loaded, passes its check and says what it keeps: ${kind}`, async () => {
    const { cellReuse } = await sidecar.requestBare(LoadModel);
    expect(cellReuse.kind).toBe(kind);
    expect(cellReuse.reason ?? "").not.toContain("check");
  });

  test("prefills only the new message in its second turn", async () => {
    await open(sidecar, "chat", [system("You are Kvasir."), user("u1", "Explain the file.")]);
    const first = await answer(sidecar, "chat", 1, { maxTokens: 12 });
    expect(first.usage.prefilledTokens).toBe(first.usage.promptTokens);
    const message = "And now the next one, please.";
    const { generationId } = first;
    const adopted = { id: "a1", after: "u1", stability: "history" } as const;
    await sidecar.request(ChangeContext, {
      contextId: "chat",
      fromVersion: 1,
      version: 2,
      edits: [
        { kind: "adopt", generationId, ...adopted },
        { kind: "insert", after: "a1", segments: [user("u2", message)] },
      ],
    });
    const second = await answer(sidecar, "chat", 2);
    const { counts } = await sidecar.request(CountTokens, { texts: [message] });
    // The last token of an answer that was cut short is sampled and not yet in the cache.
    const undecodedTokens = first.stop === "maxTokens" ? 1 : 0;
    expect(second.usage.prefilledTokens).toBe(counts[0]! + FRAME_TOKENS + undecodedTokens);
    expect(second.usage.prefixTokens).toBe(
      first.usage.promptTokens + first.usage.generatedTokens - undecodedTokens,
    );
  });

  test("answers an edited prompt as a prompt that it never saw before", async () => {
    const asked = (text: string): ReturnType<typeof user>[] => [system("Edit."), user("u1", text)];
    await open(sidecar, "before", asked("One two three four five six seven."));
    await answer(sidecar, "before", 1);
    await open(sidecar, "after", asked("One two three 4 five six seven."));
    const edited = await answer(sidecar, "after", 1, { maxTokens: 16 });
    const other = await startSidecar(model);
    await open(other, "alone", asked("One two three 4 five six seven."));
    const alone = await answer(other, "alone", 1, { maxTokens: 16 });
    await other.stop();
    expect(edited.generated.tokens).toEqual(alone.generated.tokens);
  });
});
