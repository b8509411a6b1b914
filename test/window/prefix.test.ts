import fc from "fast-check";
import { expect, it } from "vitest";
import { chatmlTemplate, reasoningTemplate } from "../../cli/models/chat-templates.ts";
import { append } from "../../extension/context/change.ts";
import { beginTurn } from "../../extension/context/window/begin-turn.ts";
import { commitWhenDone } from "../../extension/context/window/commit.ts";
import { fold } from "../../extension/context/window/fold.ts";
import { isPinned } from "../../extension/context/window/layout.ts";
import { openWindow } from "../../extension/context/window/open-window.ts";
import type { WindowState } from "../../extension/context/window/window-state.ts";
import type { AnswerSegment } from "../../protocol/segment.ts";
import { renderPrompt } from "../../sidecar/prompt/render.ts";
import { ChatTemplate } from "../../sidecar/prompt/template.ts";

const RUNS = 300;

const tools = ["write", "read", "run"].map((name) => ({ name, description: `To ${name}.` }));

const opened = openWindow({
  id: "w",
  instructions: "Be brief.",
  guidance: [{ label: "AGENTS.md", text: "Use tabs." }],
  tools,
  startedOn: "2026-01-31",
  transition: "agentCycle",
});

const turn = fc.record({
  message: fc.string({ minLength: 1 }),
  volatile: fc.dictionary(fc.constantFrom("Problems", "Today", "Git"), fc.constantFrom("a", "b"), {
    maxKeys: 3,
  }),
  answer: fc.string({ minLength: 1 }),
  reasoning: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
});

type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

function begin(window: WindowState, { message, volatile }: Turn): WindowState {
  const texts = Object.entries(volatile).map(([name, text]) => ({ name, text }));
  return beginTurn(window, { volatile: texts, message });
}

function answer(window: WindowState, { answer: text, reasoning }: Turn): WindowState {
  const said: AnswerSegment = {
    id: `answer of turn ${window.turn}`,
    role: "assistant",
    kind: "answer",
    stability: "recent",
    text,
    generated: { fingerprint: "model", tokens: [window.turn] },
    ...(reasoning === undefined ? {} : { reasoning }),
  };
  return commitWhenDone({ ...window, context: append(window.context, [said]) });
}

/** The prompt as the sidecar renders it, piece by piece; generated ids as they are. */
function rendered(template: ChatTemplate, { context }: WindowState): string[] {
  const { pieces } = renderPrompt(template, context, "model");
  return pieces.map(({ text, tokens }) => (tokens === undefined ? text : tokens.join(" ")));
}

it.each([
  ["plain", chatmlTemplate],
  ["reasoning", reasoningTemplate],
])("begins every prompt with all of the one before it, for a %s template", (_, source) => {
  const template = new ChatTemplate({
    template: source,
    bosText: "",
    eosText: "",
    bosToken: null,
    writesTools: true,
  });
  fc.assert(
    fc.property(fc.array(turn, { minLength: 2, maxLength: 6 }), (turns) => {
      let window = opened;
      let before = "";
      for (const next of turns) {
        window = begin(window, next);
        const prompt = rendered(template, window).join("");
        expect(prompt.startsWith(before)).toBe(true);
        before = prompt;
        window = answer(window, next);
      }
    }),
    { numRuns: RUNS },
  );
});

it("keeps core and guidance byte for byte over turns and folds, and the history over turns", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(turn, fc.boolean()), { minLength: 1, maxLength: 8 }), (turns) => {
      let window = opened;
      for (const [next, folds] of turns) {
        const before = JSON.stringify(window.context.segments).slice(0, -1);
        window = answer(begin(window, next), next);
        expect(JSON.stringify(window.context.segments).startsWith(before)).toBe(true);
        if (folds) window = fold(window).window;
        const pinned = window.context.segments.filter(isPinned);
        expect(JSON.stringify(pinned)).toBe(JSON.stringify(opened.context.segments));
        expect(window.context.segments.slice(0, pinned.length)).toEqual(pinned);
        expect(JSON.stringify(window.context.tools)).toBe(JSON.stringify(opened.context.tools));
      }
    }),
    { numRuns: RUNS },
  );
});

it("keeps every message and answer, in order and unchanged, whatever is folded", () => {
  fc.assert(
    fc.property(fc.array(turn, { minLength: 1, maxLength: 8 }), (turns) => {
      let window = opened;
      for (const next of turns) window = fold(answer(begin(window, next), next)).window;
      const said = window.context.segments.filter(
        ({ kind }) => kind !== "note" && kind !== "guidance",
      );
      expect(said.map(({ text }) => text).slice(1)).toEqual(
        turns.flatMap(({ message, answer: text }) => [message, text]),
      );
    }),
    { numRuns: RUNS },
  );
});
