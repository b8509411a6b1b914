import { describe, expect, it } from "vitest";
import { INSTRUCTIONS } from "../../extension/agent/dialect/instructions.ts";
import { type Task, taskMessage } from "../../extension/agent/dialect/task-message.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";
import { exchange, FAMILIES, opened, rendered } from "../support/dialect.ts";
import { loadEngine } from "../support/engine.ts";

/**
 * The dialect in which agent and model talk. Models are trained on it, so a change of any of these
 * files is a decision: `vitest -u` writes them anew.
 */
describe("the dialect", () => {
  it.each(["full", "minimal"] as const)("keeps its system prompt: %s", async (prompt) => {
    await expect(INSTRUCTIONS[prompt]).toMatchFileSnapshot(`golden/instructions-${prompt}.txt`);
  });

  it("keeps its tools, their order and their schemas", async () => {
    const lines = toolSet("full").map(({ schema }) => `${JSON.stringify(schema)}\n`);
    await expect(lines.join("")).toMatchFileSnapshot("golden/tools.jsonl");
  });

  it("offers a subset to very small models", () => {
    expect(toolSet("minimal").map(({ schema }) => schema.name)).toEqual([
      "read_file",
      "edit_file",
      "finish",
    ]);
  });

  it("keeps what slash commands ask for", async () => {
    const tasks: readonly Task[] = ["fix", "explain", "tests", "refactor", "doc"];
    const problem = { label: "src/size.ts", line: 1, message: "Cannot find name 'size'." };
    const subject = { places: ["src/size.ts, lines 1–2"], problems: [problem] };
    const messages = tasks.flatMap((task) => [
      `/${task}\n${taskMessage(task, subject, "")}\n`,
      `/${task} typed\n${taskMessage(task, { places: [], problems: [] }, "typed")}\n`,
    ]);
    await expect(messages.join("\n")).toMatchFileSnapshot("golden/slash-commands.txt");
  });

  it.each(Object.keys(FAMILIES) as (keyof typeof FAMILIES)[])(
    "keeps the form of calls, results and errata: %s",
    async (family) => {
      const { segments, tools } = opened("minimal");
      const text = rendered(family, [...segments, ...exchange()], tools);
      await expect(text).toMatchFileSnapshot(`golden/conversation-${family}.txt`);
    },
  );
});

describe("the prompt", () => {
  it("stays small in tokens of a real tokenizer", async () => {
    // All generated models have the tokenizer of the one named bench.
    const engine = await loadEngine("tiny");
    const count = (text: string): number =>
      engine.tokenizer.tokenize(text, { specials: true }).length;
    const tools = (kind: "full" | "minimal"): number => {
      const { segments, tools: offered } = opened(kind);
      return count(rendered("chatml", segments, offered)) - count(rendered("chatml", segments));
    };
    const counts = {
      fullTools: tools("full"),
      minimalTools: tools("minimal"),
      fullInstructions: count(INSTRUCTIONS.full),
      minimalInstructions: count(INSTRUCTIONS.minimal),
    };
    await engine.dispose();
    expect(counts.fullTools).toBeLessThan(900);
    expect(counts.minimalInstructions).toBeLessThan(350);
  });
});
