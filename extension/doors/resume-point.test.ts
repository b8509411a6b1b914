import { describe, expect, it } from "vitest";
import { type KnownTurn, type PastTurn, resumePoint } from "./resume-point.ts";

const known = (id: string, cancelled = false): KnownTurn => ({
  id,
  prompt: `ask ${id}`,
  cancelled,
});
const past = (id: string, turnId: string | undefined = id): PastTurn => ({
  prompt: `ask ${id}`,
  turnId,
  failed: false,
});
const cancelledPast = (id: string): PastTurn => ({
  prompt: `ask ${id}`,
  turnId: undefined,
  failed: false,
});

describe("where a session goes on", () => {
  it("is behind its last turn when nothing was edited", () => {
    expect(resumePoint([known("a"), known("b")], [past("a"), past("b")])).toEqual({
      keptTurns: 2,
      replayFrom: 2,
    });
  });

  it("is behind the last turn left when a message was edited", () => {
    expect(resumePoint([known("a"), known("b"), known("c")], [past("a")])).toEqual({
      keptTurns: 1,
      replayFrom: 1,
    });
  });

  it("is the start when no turn is known", () => {
    expect(resumePoint([known("a")], [past("x")])).toEqual({ keptTurns: 0, replayFrom: 0 });
  });

  it("keeps a cancelled turn, which has no id in the history", () => {
    expect(resumePoint([known("a"), known("b", true)], [past("a"), cancelledPast("b")])).toEqual({
      keptTurns: 2,
      replayFrom: 2,
    });
  });

  it("leaves turns that the session lacks to be told again", () => {
    expect(resumePoint([known("a")], [past("a"), cancelledPast("elsewhere")])).toEqual({
      keptTurns: 1,
      replayFrom: 1,
    });
  });
});
