import { Conversation } from "../../../extension/client/conversation.ts";
import { append } from "../../../extension/context/change.ts";
import { emptyContext } from "../../../extension/context/state.ts";
import { commit } from "../../../extension/context/window/commit.ts";
import { ClearCache } from "../../../protocol/model.ts";
import type { AnswerSegment, Segment } from "../../../protocol/segment.ts";
import { reusedTokens, type Usage } from "../../../protocol/usage.ts";
import type { SidecarProcess } from "../../sidecar-process.ts";
import { headlessWindow } from "../headless-window.ts";
import { MemoryFiles } from "../memory-files.ts";

export type LayoutTurn = {
  readonly dynamic: string;
  readonly message: string;
  readonly answer: string;
};

/** What one turn cost in one layout. */
export type TurnCost = {
  readonly promptTokens: number;
  readonly cachedTokens: number;
  /** Of the prompt, those that stood in the prompt of an earlier turn. */
  readonly standingTokens: number;
  /** Prefilled after the turn, while nobody waits. */
  readonly idlePrefilledTokens: number;
};

/**
 * Answers are recorded ones: each is put in as an assistant segment and made resident, as if it had
 * been decoded. A turn's prompt is measured by making it resident, which is what answering begins
 * with.
 */
export async function runOurs(
  sidecar: SidecarProcess,
  fixed: string,
  turns: readonly LayoutTurn[],
  signal: AbortSignal,
): Promise<TurnCost[]> {
  await sidecar.requestBare(ClearCache, signal);
  const window = headlessWindow({
    connection: sidecar,
    files: new MemoryFiles(),
    id: "layout",
    instructions: fixed,
    isModelLoaded: true,
  });
  const costs: TurnCost[] = [];
  const standing = new Standing();
  for (const { dynamic, message, answer } of turns) {
    await window.beginTurn({ volatile: [{ name: "Around", text: dynamic }], message });
    const prompt = await window.warm(signal);
    const { segments } = window.state.context;
    const { segments: counts } = await window.count(signal);
    const standingTokens = standing.next(segments, counts, prompt.promptTokens);
    window.update((state) =>
      commit({ ...state, context: append(state.context, [answerOf(answer, segments)]) }),
    );
    // Without a fold, decoding would have left the answer resident; here nothing was decoded.
    const usage = (await window.settle(signal)).usage ?? (await window.warm(signal));
    const idlePrefilledTokens = usage.prefilledTokens;
    costs.push({ ...costOf(prompt), standingTokens, idlePrefilledTokens });
  }
  await window.close();
  return costs;
}

/**
 * The usual way: what never changes and what does stand together at the top. Which of them comes
 * first decides whether a change loses the other one too.
 */
export async function runNaive(
  sidecar: SidecarProcess,
  topOf: (dynamic: string) => string,
  turns: readonly LayoutTurn[],
  signal: AbortSignal,
): Promise<TurnCost[]> {
  await sidecar.requestBare(ClearCache, signal);
  const conversation = new Conversation(sidecar, emptyContext("naive"));
  const costs: TurnCost[] = [];
  let messages: readonly Segment[] = [];
  for (const { dynamic, message, answer } of turns) {
    const top: Segment = {
      id: "top",
      role: "system",
      kind: "instructions",
      stability: "core",
      text: topOf(dynamic),
    };
    messages = [
      ...messages,
      {
        id: `message-${messages.length}`,
        role: "user",
        kind: "message",
        stability: "recent",
        text: message,
      },
    ];
    conversation.update((state) => ({ ...state, segments: [top, ...messages] }));
    const prompt = await conversation.warm(signal);
    messages = [...messages, answerOf(answer, messages)];
    conversation.update((state) => ({ ...state, segments: [top, ...messages] }));
    const { prefilledTokens } = await conversation.warm(signal);
    costs.push({ ...costOf(prompt), standingTokens: 0, idlePrefilledTokens: prefilledTokens });
  }
  await conversation.close();
  return costs;
}

/** Counts what a prompt has in common with the prompt of an earlier turn. */
class Standing {
  readonly #seen = new Set<string>();
  /** What the chat template put around the contents. */
  #frameTokens = 0;

  next(
    segments: readonly Segment[],
    counts: Readonly<Record<string, number>>,
    promptTokens: number,
  ): number {
    let standingTokens = 0;
    let contentTokens = 0;
    for (const { id, text } of segments) {
      const tokens = counts[id] ?? 0;
      contentTokens += tokens;
      if (this.#seen.has(`${id} ${text}`)) standingTokens += tokens;
    }
    const frameTokens = promptTokens - contentTokens;
    standingTokens += Math.min(frameTokens, this.#frameTokens);
    for (const { id, text } of segments) this.#seen.add(`${id} ${text}`);
    this.#frameTokens = frameTokens;
    return standingTokens;
  }
}

function answerOf(text: string, before: readonly Segment[]): AnswerSegment {
  const id = `answer-${before.length}`;
  return { id, role: "assistant", kind: "answer", stability: "recent", text };
}

function costOf(usage: Usage): Pick<TurnCost, "promptTokens" | "cachedTokens"> {
  return { promptTokens: usage.promptTokens, cachedTokens: reusedTokens(usage) };
}
