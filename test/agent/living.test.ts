import { describe, expect, it } from "vitest";
import { append } from "../../extension/context/change.ts";
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
const A = "let one = 1;\nlet two = 2;\nlet three = 3;\n";
const shell = (command: string) => call("run_command", { command, seconds: 20 });

describe("a file that a tool has shown", () => {
  it("is told anew, by its changed lines, when a command changes it", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { segments, events } = await agent.run(
      "Work.",
      [
        read("a.ts"),
        shell("printf 'let one = 1;\\nlet two = 22;\\nlet three = 3;\\n' > a.ts"),
        says("Seen."),
      ],
      { yesCommands: true },
    );
    expect(segments.map(({ kind }) => kind).join(" ")).toBe(
      "message answer file answer toolResult note answer",
    );
    expect(segments[5]?.text).toBe(
      "a.ts has changed since it was shown above.\nLines 1–3 now read:\n" +
        "```typescript\nlet one = 1;\nlet two = 22;\nlet three = 3;\n```",
    );
    const last = events.findLast((event) => event.kind === "answered");
    expect(last?.usage.prefilledTokens).toBeLessThan(120);
  });

  it("is not shown a second time while it stands there as it is", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { results } = await agent.run("Look.", [
      read("a.ts"),
      call("read_file", { path: "a.ts", start_line: 2, end_line: 3 }),
      says("Seen."),
    ]);
    expect(results[1]).toBe("Lines 2–3 of a.ts stand above as they are now.");
  });

  it("is not told anew of the model's own edit, and shown anew when it asks", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { segments, results } = await agent.run(
      "Work.",
      [read("a.ts"), edit("a.ts", "one = 1", "one = 11"), read("a.ts"), finish("Done.")],
      { yesEdits: true },
    );
    expect(segments.filter(({ kind }) => kind === "note")).toEqual([]);
    expect(results[2]).toBe(
      "a.ts\n```typescript\nlet one = 11;\nlet two = 2;\nlet three = 3;\n```\n",
    );
  });

  it("is told of the model's own edit when something else is changed in it as well", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { segments } = await agent.run(
      "Work.",
      [
        read("a.ts"),
        edit("a.ts", "one = 1", "one = 11"),
        shell("printf 'let one = 11;\\nlet two = 2;\\nlet three = 33;\\n' > a.ts"),
        finish("Done."),
      ],
      { yesEdits: true, yesCommands: true },
    );
    const note = segments.find(({ kind }) => kind === "note");
    expect(note?.text).toContain("let one = 11;\nlet two = 2;\nlet three = 33;");
  });

  it("is written in place while nobody waits, and the next turn knows it as it is", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const answers = [read("a.ts"), edit("a.ts", "one = 1", "one = 11"), finish("Done.")];
    const { segments } = await agent.run("Work.", answers, { yesEdits: true });
    const { folded } = await agent.window.settle();
    expect(folded).toBe(true);
    const shown = agent.window.state.context.segments.find(({ id }) => id === segments[2]?.id);
    expect(shown).toMatchObject({ role: "tool", stability: "history" });
    expect(shown?.text).toBe(
      "a.ts\n```typescript\nlet one = 11;\nlet two = 2;\nlet three = 3;\n```\n",
    );
    const next = await agent.run("Again.", [read("a.ts"), says("Seen.")]);
    expect(next.results[0]).toBe("a.ts stands above as it is now.");
  });

  it("that is deleted is told to be gone", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const answers = [read("a.ts"), shell("rm a.ts"), says("Gone.")];
    const { segments } = await agent.run("Work.", answers, { yesCommands: true });
    expect(segments.find(({ kind }) => kind === "note")?.text).toBe(
      "a.ts: what was shown of it above no longer holds: it was deleted or cannot be read.",
    );
  });
});

describe("rules of a folder", () => {
  it("are told once, behind the results with the first of its files", async () => {
    const agent = newAgent();
    agent.write({ "p/AGENTS.md": "Use tabs.\n", "p/a.ts": "a\n", "p/b.ts": "b\n" });
    const { segments } = await agent.run("Look.", [
      calls(
        ["read_file", { path: "p/a.ts", start_line: 1, end_line: 0 }],
        ["read_file", { path: "p/b.ts", start_line: 1, end_line: 0 }],
      ),
      says("Seen."),
    ]);
    expect(segments.map(({ kind }) => kind).join(" ")).toBe("message answer file file note answer");
    expect(segments[4]?.text).toBe("p/AGENTS.md holds for the files of its folder:\nUse tabs.");
  });

  it("are said to be left out to the user and to the model where they do not fit", async () => {
    const agent = newAgent();
    agent.write({ "p/AGENTS.md": "x".repeat(10_000), "p/a.ts": "a\n" });
    const { segments, events } = await agent.run("Look.", [read("p/a.ts"), says("Seen.")]);
    const sentence =
      "p/AGENTS.md was left out, because all rules together may have 6000 characters.";
    expect(segments.find(({ kind }) => kind === "note")?.text).toBe(sentence);
    expect(events).toContainEqual({ kind: "note", sentence });
  });
});

describe("a session that was cut off", () => {
  it("gets results for calls that have none before it goes on", async () => {
    const agent = newAgent();
    await agent.run("Hello", [says("Hello.")]);
    // As after a crash between an answer and its results.
    agent.window.update((window) => ({
      ...window,
      context: append(window.context, [
        {
          id: "cut-off",
          role: "assistant",
          kind: "answer",
          stability: "recent",
          text: "",
          toolCalls: [{ id: "c", name: "list_files", arguments: { glob: "" } }],
        },
      ]),
    }));
    const { outcome, segments } = await agent.run("Go on.", [says("Here I am.")]);
    expect(outcome).toEqual({ kind: "done", text: "Here I am." });
    expect(segments[0]).toMatchObject({
      role: "tool",
      toolCallId: "c",
      text: "Error: The user stopped this before it was done.",
    });
  });
});
