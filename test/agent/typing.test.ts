import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../../extension/agent/agent-event.ts";
import {
  call,
  edit,
  read,
  type ScriptedAgent,
  says,
  scriptedAgents,
} from "../support/scripted-agent.ts";

const newAgent = scriptedAgents();
const A = Array.from({ length: 9 }, (_, index) => `let n${index + 1} = ${index + 1};\n`).join("");
const TYPED = A.replace("n8 = 8;", "n8 = 8; // typed");

const write = (content: string) => call("write_file", { path: "a.ts", content });

/** Somebody types just before the call of a tool runs, when the model has said what it is to do. */
function typing(agent: ScriptedAgent, tool: string, content: string) {
  return (event: AgentEvent): void => {
    if (event.kind === "callStarted" && event.tool === tool) agent.write({ "a.ts": content });
  };
}

describe("what somebody types while the model works", () => {
  it("stays when the model replaces a file that it has read, and is told", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { results, segments } = await agent.run(
      "Work.",
      [read("a.ts"), write(A.replace("n2 = 2", "n2 = 22")), says("Done.")],
      { yesEdits: true, onEvent: typing(agent, "write_file", TYPED) },
    );
    expect(agent.files()).toEqual({ "a.ts": TYPED.replace("n2 = 2", "n2 = 22") });
    expect(results[1]).toBe(
      "a.ts is replaced. What somebody else has changed in it meanwhile stays.",
    );
    const notes = segments.filter(({ kind }) => kind === "note").map(({ text }) => text);
    expect(notes.join("\n")).toContain("let n8 = 8; // typed");
  });

  it("keeps the model from replacing the same lines until it knows of it", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    let times = 0;
    const type = typing(agent, "write_file", TYPED);
    const { results, segments } = await agent.run(
      "Work.",
      [
        read("a.ts"),
        write(A.replace("n8 = 8", "n8 = 88")),
        write(A.replace("n8 = 8;", "n8 = 88; // typed")),
        says("Done."),
      ],
      {
        yesEdits: true,
        onEvent: (event) => {
          if (event.kind === "callStarted" && event.tool === "write_file" && times++ > 0) return;
          type(event);
        },
      },
    );
    expect(results[1]).toMatch(
      /^Error: a\.ts was not changed: The file was changed meanwhile in the same lines: at line 8 /u,
    );
    expect(segments.find(({ kind }) => kind === "note")?.text).toContain("n8 = 8; // typed");
    expect(results[2]).toBe("a.ts is replaced.");
    expect(agent.files()).toEqual({ "a.ts": A.replace("n8 = 8;", "n8 = 88; // typed") });
  });

  it("stays when the model replaces what it has made itself", async () => {
    const agent = newAgent();
    const { results } = await agent.run(
      "Work.",
      [
        write(A),
        call("write_file", { path: "a.ts", content: A.replace("n2 = 2", "n2 = 22") }),
        says("Done."),
      ],
      {
        yesEdits: true,
        onEvent: (event) => {
          if (event.kind === "callStarted" && "a.ts" in agent.files())
            agent.write({ "a.ts": TYPED });
        },
      },
    );
    expect(results).toEqual([
      "a.ts is created.",
      "a.ts is replaced. What somebody else has changed in it meanwhile stays.",
    ]);
    expect(agent.files()).toEqual({ "a.ts": TYPED.replace("n2 = 2", "n2 = 22") });
  });

  it("is told with an edit that was made in the same file", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { segments } = await agent.run(
      "Work.",
      [read("a.ts"), edit("a.ts", "n2 = 2", "n2 = 22"), says("Done.")],
      { yesEdits: true, onEvent: typing(agent, "edit_file", TYPED) },
    );
    expect(agent.files()).toEqual({ "a.ts": TYPED.replace("n2 = 2", "n2 = 22") });
    expect(segments.find(({ kind }) => kind === "note")?.text).toContain("let n8 = 8; // typed");
  });

  it("is replaced in a file that the model has never seen", async () => {
    const agent = newAgent();
    agent.write({ "a.ts": A });
    const { results } = await agent.run("Work.", [write("new\n"), says("Done.")], {
      yesEdits: true,
      onEvent: typing(agent, "write_file", TYPED),
    });
    expect(results).toEqual(["a.ts is replaced."]);
    expect(agent.files()).toEqual({ "a.ts": "new\n" });
  });

  it("does not keep a file that was deleted from being made anew", async () => {
    const agent = newAgent();
    const { results } = await agent.run(
      "Work.",
      [write(A), call("run_command", { command: "rm a.ts", seconds: 20 }), write(A), says("Done.")],
      { yesEdits: true, yesCommands: true },
    );
    expect(results[2]).toBe("a.ts is created.");
  });
});
