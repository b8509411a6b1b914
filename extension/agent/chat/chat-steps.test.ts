import { describe, expect, it } from "vitest";
import type { AgentEvent } from "../agent-event.ts";
import { ended } from "../agent-outcome.ts";
import type { ChatPiece } from "./chat-piece.ts";
import { ChatSteps } from "./chat-steps.ts";

function shown(...events: readonly AgentEvent[]): ChatPiece[] {
  const steps = new ChatSteps();
  return events.flatMap((event) => steps.piecesOf(event, 0));
}

const about = { callId: "1", tool: "read_file" } as const;
const started = {
  kind: "callStarted",
  ...about,
  sentence: "Reading src/a.ts",
  path: "src/a.ts",
} as const;
const command = { callId: "2", tool: "run_command" } as const;

describe("a turn of the agent in a chat", () => {
  it("says what a call does while it runs, and what came of it with the file apart", () => {
    expect(
      shown(started, { kind: "callEnded", ...about, end: "done", sentence: "3 lines" }),
    ).toEqual([
      { kind: "progress", text: "Reading src/a.ts" },
      {
        kind: "step",
        mark: "done",
        before: "Reading ",
        path: "src/a.ts",
        after: " · 3 lines",
      },
    ]);
  });

  it("keeps calls that run beside each other apart", () => {
    const other = { ...started, callId: "9", sentence: "Reading b", path: "b" };
    const pieces = shown(
      started,
      other,
      { kind: "callEnded", ...about, callId: "9", end: "failed", sentence: "There is no file b." },
      { kind: "callEnded", ...about, end: "stopped", sentence: "" },
    );
    expect(pieces.slice(2)).toEqual([
      {
        kind: "step",
        mark: "failed",
        before: "Reading ",
        path: "b",
        after: " · There is no file b.",
      },
      { kind: "step", mark: "stopped", before: "Reading ", path: "src/a.ts", after: "" },
    ]);
  });

  it("shows the last lines of a command's output, and one line of its sentence", () => {
    const lines = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`);
    const pieces = shown(
      { kind: "callStarted", ...command, sentence: "Running npm test\nnpm run more" },
      ...lines.map((line) => ({ kind: "callOutput", callId: "2", text: `${line}\n` }) as const),
      { kind: "callEnded", ...command, end: "done", sentence: "Exit code 0." },
    );
    expect(pieces.slice(1)).toEqual([
      {
        kind: "step",
        mark: "done",
        before: "Running npm test · Exit code 0.",
        path: null,
        after: "",
      },
      { kind: "output", text: "…\nline 35\nline 36\nline 37\nline 38\nline 39\nline 40" },
    ]);
  });

  it("cuts an error that is long to the line that says what it is", () => {
    const sentence = `${"x".repeat(300)}\nThe nearest lines are: …`;
    const [, step] = shown(started, { kind: "callEnded", ...about, end: "failed", sentence });
    expect(step).toMatchObject({ after: ` · ${"x".repeat(160)}…` });
  });

  it("says how much is prefilled, once in a while", () => {
    const prefill = {
      kind: "prefill",
      reusedTokens: 9_098,
      processedTokens: 9_098,
      totalTokens: 9_410,
    } as const;
    expect(shown(prefill, { ...prefill, processedTokens: 9_200 })).toEqual([
      { kind: "progress", text: "prefilling 312 of 9,410 tokens, 96% reused" },
    ]);
  });

  it("shows nothing of the call that only ends the turn, but its summary", () => {
    const steps = new ChatSteps();
    const finish = { callId: "3", tool: "finish" } as const;
    const pieces = [
      { kind: "text", text: "Now I am done." } as const,
      { kind: "callStarted", ...finish, sentence: "Finishing" } as const,
      { kind: "callEnded", ...finish, end: "done", sentence: "" } as const,
    ].flatMap((event) => steps.piecesOf(event, 0));
    expect(pieces).toEqual([{ kind: "markdown", text: "Now I am done." }]);
    expect(steps.piecesAtEnd({ kind: "done", text: "Renamed it." })).toEqual([
      { kind: "markdown", text: "Renamed it." },
    ]);
  });

  it("does not say twice what has been streamed", () => {
    const steps = new ChatSteps();
    steps.piecesOf({ kind: "text", text: " It is " }, 0);
    steps.piecesOf({ kind: "text", text: "blue.\n" }, 0);
    expect(steps.piecesAtEnd({ kind: "done", text: "It is blue." })).toEqual([]);
  });

  it("says why a turn ended early, but for stops and errors, which the chat shows itself", () => {
    const steps = new ChatSteps();
    expect(steps.piecesAtEnd(ended("steps", "The agent has taken 2 steps."))).toEqual([
      {
        kind: "step",
        mark: "stopped",
        before: "The agent has taken 2 steps.",
        path: null,
        after: "",
      },
    ]);
    expect(steps.piecesAtEnd(ended("user", "The user stopped the agent."))).toEqual([]);
    expect(steps.piecesAtEnd(ended("model", "It failed."))).toEqual([]);
  });
});
