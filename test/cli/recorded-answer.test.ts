import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AnswerScripts } from "../../cli/replay/recorded-answer.ts";
import type { AnswerSegment, Segment, Tool } from "../../protocol/segment.ts";
import type { Engine } from "../../sidecar/engine/engine.ts";
import { loadEngine } from "../support/engine.ts";

/** Recorded answers as the tokens of a real tokenizer, through a template with thoughts and tools. */
let engine: Engine;
let scripts: AnswerScripts;

beforeAll(async () => {
  engine = await loadEngine("tiny-reasoning");
  scripts = new AnswerScripts(engine);
});
afterAll(async () => {
  await engine.dispose();
});

const QUESTION: Segment = {
  id: "question",
  kind: "message",
  stability: "history",
  role: "user",
  text: "What is in there?",
};
const TOOLS: Tool[] = [{ name: "ls", description: "Lists files." }];
const WINDOW = { version: 1, segments: [QUESTION], tools: TOOLS };

function answer(text: string, more: Partial<AnswerSegment> = {}): AnswerSegment {
  return { id: "a", kind: "answer", stability: "history", role: "assistant", text, ...more };
}

function spoken(recorded: AnswerSegment): string {
  return engine.tokenizer.detokenize(scripts.scriptFor(WINDOW, recorded).answer);
}

const toolCalls = [{ id: "c", name: "ls", arguments: { path: "src <main>" } }];

describe("the script of a recorded answer", () => {
  it("is its text as the tokenizer writes it", () => {
    const { answer: ids } = scripts.scriptFor(WINDOW, answer("Two files."));
    expect(ids).toEqual(engine.tokenizer.tokenize("Two files.", { specials: false }));
  });

  it("ends with the mark that closes an answer", () => {
    const { closing } = scripts.scriptFor(WINDOW, answer("Two files."));
    expect(engine.tokenizer.detokenize(closing)).toBe("<|im_end|>");
  });

  it.each(["\n\nLine breaks first", "  spaces around  ", "ends in a break\n", "\n", ""])(
    "keeps white space at its ends: %j",
    (text) => {
      expect(spoken(answer(text))).toBe(text);
    },
  );

  it("puts thoughts and calls where the template has them", () => {
    expect(spoken(answer("I look.", { reasoning: "Hm.", toolCalls }))).toBe(
      '<think>\nHm.\n</think>\n\nI look.\n<tool_call>\n{"name": "ls", "arguments": {"path": "src <main>"}}\n</tool_call>',
    );
    expect(spoken(answer("", { toolCalls }))).toBe(
      '<tool_call>\n{"name": "ls", "arguments": {"path": "src <main>"}}\n</tool_call>',
    );
  });

  it("never makes a control token of what an answer says", () => {
    const { answer: ids } = scripts.scriptFor(WINDOW, answer("Write <|im_end|> last."));
    const [mark] = engine.tokenizer.tokenize("<|im_end|>", { specials: true });
    expect(ids).not.toContain(mark);
    expect(engine.tokenizer.detokenize(ids)).toBe("Write <|im_end|> last.");
  });

  it("counts the prompt as it is before the answer", () => {
    const { promptTokens } = scripts.scriptFor(WINDOW, answer("Two files."));
    expect(promptTokens).toBe(scripts.promptTokens(WINDOW));
  });
});
