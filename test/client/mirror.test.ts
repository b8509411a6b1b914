import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { Conversation } from "../../extension/client/conversation.ts";
import {
  append,
  insertAfter,
  move,
  patchSegment,
  remove,
  replaceSegment,
  setTools,
} from "../../extension/context/change.ts";
import { type ContextState, emptyContext } from "../../extension/context/state.ts";
import { diffTexts } from "../../extension/context/text-change.ts";
import { CloseContext, OpenContext } from "../../protocol/context.ts";
import { Stability, type TextSegment } from "../../protocol/segment.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";

const SCRIPTS = 1_000;
const STEPS_MAX = 12;

let sidecar: InProcessSidecar;

beforeAll(async () => {
  sidecar = await InProcessSidecar.start({ answers: ["Yes.", "No 😀, not \r\n that."] });
});
afterAll(() => sidecar.stop());

// Few different pieces, so that two texts often share something, and all that is hard to cut.
const text = fc.string({ unit: fc.constantFrom("a", "b ", "\r", "\n", "\r\n", "😀", "😁", "é") });
const place = fc.nat(20);
const stability = fc.constantFrom(...Stability.options);

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("append" as const), text, stability }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("insert" as const), text, stability, place }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("patch" as const), text, place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("replace" as const), text, place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), place }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("move" as const), place, behind: place, stability }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("moveRun" as const),
      place,
      count: fc.integer({ min: 2, max: 4 }),
      stability: fc.option(stability, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("tools" as const), text }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("generate" as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("sync" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("lose" as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

let number = 0;

function segmentOf(content: string, layer: Stability): TextSegment {
  const id = `s${number++}`;
  return { id, kind: "message", stability: layer, role: "user", text: `${id} ${content}` };
}

function pick(state: ContextState, index: number): string | undefined {
  return state.segments[index % Math.max(1, state.segments.length)]?.id;
}

function change(state: ContextState, next: Step): ContextState {
  if (next.kind === "append") return append(state, [segmentOf(next.text, next.stability)]);
  if (next.kind === "tools") return setTools(state, [{ name: "read", description: next.text }]);
  if (next.kind === "generate" || next.kind === "sync" || next.kind === "lose") return state;
  if (next.kind === "moveRun") {
    const ids = state.segments.slice(next.place % 8, (next.place % 8) + next.count);
    const [behind] = state.segments.filter((segment) => !ids.includes(segment)).slice(-1);
    return move(
      state,
      ids.map((segment) => segment.id),
      behind?.id ?? null,
      next.stability,
    );
  }
  const id = pick(state, next.place);
  if (id === undefined) return state;
  const segment = state.segments.find((candidate) => candidate.id === id)!;
  if (next.kind === "insert") return insertAfter(state, id, [segmentOf(next.text, next.stability)]);
  if (next.kind === "remove") return remove(state, [id]);
  if (next.kind === "move") {
    const behind = pick(state, next.behind);
    return behind === id ? state : move(state, [id], behind ?? null, next.stability);
  }
  if (next.kind === "replace") {
    return replaceSegment(state, { ...segment, label: "replaced", text: `${id} ${next.text}` });
  }
  return patchSegment(state, id, [diffTexts(segment.text, `${id} ${next.text}`)]);
}

async function run(conversation: Conversation, next: Step): Promise<void> {
  conversation.update((state) => change(state, next));
  const isEmpty = conversation.state.segments.length === 0;
  if (next.kind === "sync") await conversation.sync();
  // Somebody else, such as another window, closes the context.
  if (next.kind === "lose") {
    await sidecar.request(CloseContext, { contextId: conversation.state.id });
  }
  if (next.kind === "generate" && !isEmpty) {
    await conversation.generate({ sampling: {}, maxTokens: 30 });
  }
}

it("equals its owner after every script of changes, over the real protocol", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: STEPS_MAX }), async (steps) => {
      const segments = Array.from({ length: 6 }, () => segmentOf("start", "core"));
      const opening = append(emptyContext(`c${number++}`), segments);
      const conversation = new Conversation(sidecar, opening);
      await conversation.sync();
      for (const next of steps) await run(conversation, next);
      conversation.update((state) => append(state, [segmentOf("end", "recent")]));
      const counts = await conversation.count();
      expect(Object.keys(counts.segments)).toEqual(conversation.state.segments.map(({ id }) => id));
      await conversation.warm();
      // A difference that the sidecar refused would have been mended by opening again.
      const losses = steps.filter(({ kind }) => kind === "lose").length;
      const opens = sidecar.sent.filter(({ method }) => method === OpenContext.method).length;
      expect(opens).toBeLessThanOrEqual(1 + losses);
      sidecar.sent.length = 0;
      expect(sidecar.residentText).toBe(sidecar.textOf(conversation.state));
      await conversation.close();
    }),
    { numRuns: SCRIPTS },
  );
});
