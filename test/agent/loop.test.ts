import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../extension/agent/agent-event.ts";
import { reusedTokens } from "../../protocol/usage.ts";
import {
  call,
  calls,
  edit,
  finish,
  read,
  says,
  scriptedAgents,
} from "../support/scripted-agent.ts";

const newAgent = scriptedAgents();
const A = "export const size = 3;\n";

describe("a task", () => {
  it("is done step by step, and each step prefills only what is new", async () => {
    const agent = newAgent();
    agent.write({ "src/a.ts": A });
    const { outcome, events, results } = await agent.run(
      "Make the size 4.",
      [read("src/a.ts"), edit("src/a.ts", "size = 3", "size = 4"), finish("The size is 4.")],
      { yesEdits: true },
    );
    expect(outcome).toEqual({ kind: "done", text: "The size is 4." });
    expect(agent.files()).toEqual({ "src/a.ts": "export const size = 4;\n" });
    expect(results).toEqual([
      "src/a.ts\n```typescript\nexport const size = 3;\n```\n",
      "src/a.ts is changed.\nLine 1 now reads:\n```typescript\nexport const size = 4;\n```",
      "Done.",
    ]);
    const usages = events.flatMap((event) => (event.kind === "answered" ? [event.usage] : []));
    for (const [index, usage] of usages.entries()) {
      const before = usages[index - 1];
      // The last generated token has not been decoded; the prompt and all others are there.
      const known = before === undefined ? 0 : before.promptTokens + before.generatedTokens - 1;
      expect(reusedTokens(usage)).toBeGreaterThanOrEqual(known);
    }
  });

  it("is told in sentences while it is done", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { events } = await agent.run("Look.", [
      { text: "I look.", ...read("a.ts") },
      says("It has a size."),
    ]);
    expect(events.filter(isAboutSteps)).toMatchObject([
      { kind: "stepStarted", step: 1 },
      { kind: "answered", step: 1, stop: "toolCalls" },
      { kind: "callStarted", tool: "read_file", sentence: "Reading a.ts" },
      { kind: "callEnded", tool: "read_file", end: "done", sentence: "1 line" },
      { kind: "stepEnded", step: 1 },
      { kind: "stepStarted", step: 2 },
      { kind: "answered", step: 2, stop: "end" },
      { kind: "stepEnded", step: 2 },
    ]);
    const text = events.map((event) => (event.kind === "text" ? event.text : "")).join("");
    expect(text).toContain("It has a size.");
    expect(events.some(({ kind }) => kind === "prefill")).toBe(true);
  });

  it("ends with an answer that calls nothing", async () => {
    const { outcome } = await newAgent().run("Hello", [says("Hello to you.")]);
    expect(outcome).toEqual({ kind: "done", text: "Hello to you." });
  });

  it("goes on in the same conversation with the next message", async () => {
    const agent = newAgent();
    await agent.run("Hello", [says("Hello to you.")]);
    const { outcome, events } = await agent.run("Again", [says("Hello again.")]);
    expect(outcome).toEqual({ kind: "done", text: "Hello again." });
    const usage = events.find((event) => event.kind === "answered")?.usage;
    expect(usage?.prefilledTokens).toBeLessThan(30);
  });
});

describe("calls of one answer", () => {
  it("that change nothing run beside each other, and results keep their order", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": "a\n", "b.ts": "b\n" });
    const { events, results } = await agent.run("Look.", [
      calls(
        ["read_file", { path: "a.ts", start_line: 1, end_line: 0 }],
        ["list_files", { glob: "" }],
        ["read_file", { path: "b.ts", start_line: 1, end_line: 0 }],
      ),
      says("Seen."),
    ]);
    const order = events.flatMap(({ kind }) => (kind.startsWith("call") ? [kind] : []));
    expect(order.slice(0, 3)).toEqual(["callStarted", "callStarted", "callStarted"]);
    expect(results).toEqual([
      "a.ts\n```typescript\na\n```\n",
      "a.ts\nb.ts",
      "b.ts\n```typescript\nb\n```\n",
    ]);
  });

  it("that change something run one after the other, each on what the one before left", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": "one\n" });
    const change = (search: string, replace: string) =>
      ["edit_file", { path: "a.ts", edits: [{ search, replace }] }] as const;
    await agent.run(
      "Count.",
      [calls(change("one", "two"), change("two", "three")), finish("Done.")],
      {
        yesEdits: true,
      },
    );
    expect(agent.files()).toEqual({ "a.ts": "three\n" });
  });

  it("behind a finish are not run", async () => {
    const agent = newAgent();
    const { outcome, results } = await agent.run(
      "Write.",
      [calls(["finish", { summary: "Done." }], ["write_file", { path: "a", content: "a" }])],
      { yesEdits: true },
    );
    expect(outcome).toEqual({ kind: "done", text: "Done." });
    expect(results[1]).toBe("Error: This was not run: the turn has ended.");
    expect(agent.files()).toEqual({});
  });
});

describe("a model that goes astray", () => {
  it("is told when it makes the same call three times, and ended when it goes on", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const same = call("search_text", { regex: "size", glob: "" });
    const { outcome, results } = await agent.run("Look.", [same, same, same, same]);
    expect(results[1]).toBe("a.ts:1: export const size = 3;");
    expect(results[2]).toMatch(/^Error: You have made this same call twice/u);
    expect(outcome).toMatchObject({
      why: "loop",
      sentence: "The agent repeated the same call of search_text and was stopped.",
    });
  });

  it("may go on after it was told", async () => {
    const agent = newAgent();
    const same = call("list_files", { glob: "*.ts" });
    const { outcome } = await agent.run("Look.", [same, same, same, says("There is none.")]);
    expect(outcome).toEqual({ kind: "done", text: "There is none." });
  });

  it("is told what was wrong with a call that cannot be read", async () => {
    const broken = says('<tool_call>\n{"nome": "read_file"}\n</tool_call>');
    const { outcome, segments } = await newAgent().run("Look.", [broken, says("I stop.")]);
    expect(segments[2]).toMatchObject({
      role: "user",
      kind: "note",
      text: 'The call could not be read. Write one JSON object with "name" and "arguments", nothing else.',
    });
    expect(outcome).toEqual({ kind: "done", text: "I stop." });
  });

  it("is told which tools there are when it calls another", async () => {
    const unknown = says('<tool_call>\n{"name": "delete_all", "arguments": {}}\n</tool_call>');
    const { segments } = await newAgent().run("Look.", [unknown, says("I stop.")]);
    expect(segments[2]?.text).toMatch(
      /^There is no tool "delete_all". The tools are: read_file, /u,
    );
  });

  it("is told which arguments are wrong", async () => {
    const { results } = await newAgent().run("Look.", [
      call("read_file", { start_line: "first" }),
      says("I stop."),
    ]);
    expect(results[0]).toMatch(
      /^Error: The arguments of read_file are not valid: "path": .+; "start_line": /u,
    );
  });

  it("is ended after three answers with nothing in them", async () => {
    const broken = says("<tool_call>{{{{");
    const { outcome } = await newAgent().run("Look.", [broken, says(" "), broken]);
    expect(outcome).toMatchObject({
      why: "garbage",
      sentence: "The model answered 3 times in a row without a call that can be read.",
    });
  });

  it("is ended when an answer does not come to an end", async () => {
    const endless = { ...says("on and on and on and on"), open: true } as const;
    const { outcome } = await newAgent().run("Talk.", [endless], {
      limits: { answerTokensMax: 8 },
    });
    expect(outcome).toMatchObject({ why: "unfinished" });
  });

  it("is told to make a smaller call when one does not fit into the answer", async () => {
    const large = call("write_file", { path: "a", content: "word ".repeat(100) });
    const agent = newAgent();
    const { outcome, segments } = await agent.run("Write.", [large, says("I stop.")], {
      limits: { answerTokensMax: 40 },
      yesEdits: true,
    });
    expect(segments[2]?.text).toBe("The call did not fit into the answer. Make a smaller one.");
    expect(outcome).toMatchObject({ kind: "done" });
    expect(agent.files()).toEqual({});
  });
});

describe("limits", () => {
  it("end a turn after so many steps", async () => {
    const answers = ["a", "b", "c"].map((glob) => call("list_files", { glob }));
    const { outcome } = await newAgent().run("Look.", answers, { limits: { stepsMax: 3 } });
    expect(outcome).toMatchObject({
      why: "steps",
      sentence: "The agent has taken 3 steps, its limit for one turn.",
    });
  });

  it("end a turn after so many tokens", async () => {
    const answers = ["a", "b", "c"].map((glob) => call("list_files", { glob }));
    const { outcome } = await newAgent().run("Look.", answers, { limits: { turnTokensMax: 30 } });
    expect(outcome).toMatchObject({ why: "tokens" });
  });

  it("give an answer the room that the window has, where that is less", async () => {
    const { outcome } = await newAgent().run("Hello", [says("Hello.")], {
      limits: { answerTokensMax: 7_900 },
    });
    expect(outcome).toEqual({ kind: "done", text: "Hello." });
  });

  it("end a turn in a sentence when the window is full", async () => {
    const { outcome } = await newAgent().run("word ".repeat(9_000), [says("Hello.")]);
    expect(outcome).toMatchObject({ why: "window" });
    expect(outcome).toHaveProperty("sentence", expect.stringMatching(/the window holds 8000\.$/u));
  });

  it("end a turn in a sentence when the model fails", async () => {
    const { outcome } = await newAgent().run("Hello", []);
    expect(outcome).toEqual({
      kind: "ended",
      why: "model",
      error: "modelFailed",
      sentence: "The model failed: The script holds no further answer.",
    });
  });
});

describe("a turn that is stopped", () => {
  it("while the model speaks leaves a conversation that goes on", async () => {
    const agent = newAgent();
    const controller = new AbortController();
    const { outcome } = await agent.run("Talk.", [says("one two three four five six seven")], {
      signal: controller.signal,
      onEvent: ({ kind }) => {
        if (kind === "text") controller.abort();
      },
    });
    expect(outcome).toMatchObject({ why: "user", sentence: "The user stopped the agent." });
    const next = await agent.run("Go on.", [says("Here I am.")]);
    expect(next.outcome).toEqual({ kind: "done", text: "Here I am." });
  });

  it("while a command runs ends the command and says so to the model", async () => {
    const agent = newAgent();
    const controller = new AbortController();
    const { outcome, results } = await agent.run(
      "Wait.",
      [
        calls(
          ["run_command", { command: "echo started; sleep 60; echo late > late.txt", seconds: 90 }],
          ["write_file", { path: "after.txt", content: "a" }],
        ),
      ],
      {
        yesCommands: true,
        yesEdits: true,
        signal: controller.signal,
        onEvent: ({ kind }) => {
          if (kind === "callOutput") controller.abort();
        },
      },
    );
    expect(outcome).toMatchObject({ why: "user" });
    expect(results).toEqual([
      "Stopped by the user.\nstarted",
      "Error: The user stopped this before it was done.",
    ]);
    expect(agent.files()).toEqual({});
    const next = await agent.run("Go on.", [says("Here I am.")]);
    expect(next.outcome).toMatchObject({ kind: "done" });
  });
});

function isAboutSteps({ kind }: AgentEvent): boolean {
  return !["text", "prefill", "loading", "reasoning"].includes(kind);
}
