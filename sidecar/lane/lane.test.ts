import { describe, expect, it } from "vitest";
import { refusalOf } from "../history/refused.test-support.ts";
import { Gate, settle } from "./gate.test-support.ts";
import type { JobTiming, Priority } from "./job.ts";
import { Lane, Superseded } from "./lane.ts";

const WAITING_MAX = 64;
const never = new AbortController().signal;
const answer = { priority: "answer", agent: "a", signal: never } as const;
const warm = { priority: "warm", agent: "a", signal: never } as const;

/** A lane that is held by a job until `gate` opens, and the log of what ran behind it. */
function heldLane(priority: Priority = "answer") {
  const lane = new Lane();
  const gate = new Gate();
  const log: string[] = [];
  const holder = lane.run({ priority, agent: "holder", signal: never }, async ({ signal }) => {
    await gate.pass();
    return signal;
  });
  const add = (name: string, kind: Priority = "answer", signal = never): Promise<void> =>
    lane.run({ priority: kind, agent: name, signal }, async () => {
      log.push(name);
    });
  return { lane, gate, log, holder, add };
}

describe("the lane", () => {
  it("answers what the job answers", async () => {
    expect(await new Lane().run(answer, async () => 7)).toBe(7);
  });

  it("starts a job at once when it is free", async () => {
    const { gate } = heldLane();
    await settle();
    expect(gate.reached).toBe(true);
  });

  it("runs jobs of one priority in the order in which they came", async () => {
    const { gate, log, add } = heldLane();
    const jobs = ["a", "b", "c"].map((name) => add(name));
    await settle();
    expect(log).toEqual([]);
    gate.open();
    await Promise.all(jobs);
    expect(log).toEqual(["a", "b", "c"]);
  });

  it("runs answers before preparation that came earlier", async () => {
    const { gate, log, add } = heldLane();
    const jobs = [add("warm", "warm"), add("warm 2", "warm"), add("a"), add("b")];
    gate.open();
    await Promise.all(jobs);
    expect(log).toEqual(["a", "b", "warm", "warm 2"]);
  });

  it("asks preparation to give way when an answer comes, and waits until it has", async () => {
    const { gate, log, holder, add } = heldLane("warm");
    const job = add("a");
    await settle();
    expect(log).toEqual([]);
    gate.open();
    expect((await holder).aborted).toBe(true);
    await job;
    expect(log).toEqual(["a"]);
  });

  it("runs what only prepares in the order of its urgency", async () => {
    const { gate, log, add } = heldLane();
    const jobs = [add("save", "save"), add("fold", "fold"), add("warm", "warm"), add("answer")];
    gate.open();
    await Promise.all(jobs);
    expect(log).toEqual(["answer", "warm", "fold", "save"]);
  });

  it.each([
    ["fold", "warm"],
    ["save", "fold"],
    ["save", "answer"],
  ] as const)("asks a %s to give way to a %s", async (holding, coming) => {
    const { gate, holder, add } = heldLane(holding);
    const job = add("more urgent", coming);
    gate.open();
    expect((await holder).aborted).toBe(true);
    await job;
  });

  it("lets only the newest of the waiting jobs run that replace each other", async () => {
    const { lane, gate, log } = heldLane();
    const flood = Array.from({ length: 1000 }, (_, number) =>
      lane.run({ ...warm, replaces: true }, async () => {
        log.push(`${number}`);
      }),
    );
    const other = lane.run({ ...warm, agent: "b", replaces: true }, async () => {
      log.push("b");
    });
    const outcomes = Promise.allSettled(flood);
    gate.open();
    await other;
    const replaced = (await outcomes).filter(({ status }) => status === "rejected");
    expect(replaced).toHaveLength(999);
    for (const { reason } of replaced as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(Superseded);
    }
    expect(log).toEqual(["999", "b"]);
  });

  it("tells how long each job waited and held the model", async () => {
    let nowMs = 100;
    const timings: JobTiming[] = [];
    const lane = new Lane({ now: () => nowMs, onEnded: (timing) => timings.push(timing) });
    const first = lane.run(answer, async () => {
      nowMs += 30;
      await settle();
    });
    const second = lane.run({ ...warm, agent: "b" }, async () => {
      nowMs += 5;
    });
    await Promise.all([first, second]);
    expect(timings).toEqual([
      { priority: "answer", agent: "a", waitedMs: 0, heldMs: 30, turns: 1 },
      { priority: "warm", agent: "b", waitedMs: 30, heldMs: 5, turns: 1 },
    ]);
  });

  it("asks nobody to give way to preparation, nor an answer to another answer", async () => {
    const warming = heldLane("warm");
    const warmed = warming.add("b", "warm");
    const answering = heldLane("answer");
    const answered = [answering.add("a"), answering.add("b", "warm")];
    warming.gate.open();
    answering.gate.open();
    expect((await warming.holder).aborted).toBe(false);
    expect((await answering.holder).aborted).toBe(false);
    await Promise.all([warmed, ...answered]);
  });

  it("asks preparation to give way to an answer that comes while it is just taking over", async () => {
    const { lane, gate, holder } = heldLane("warm");
    const second = new Gate();
    const warming = lane.run(warm, async ({ signal }) => {
      await second.pass();
      return signal.aborted;
    });
    // This is the first moment at which a caller can know that the first job has ended.
    const answered = holder.then(async () => {
      await lane.run(answer, async () => undefined);
    });
    gate.open();
    await settle();
    second.open();
    expect(await warming).toBe(true);
    await answered;
  });

  it("tells a running job when its own request is cancelled", async () => {
    const controller = new AbortController();
    const request = { ...answer, signal: controller.signal };
    const seen = new Lane().run(request, async ({ signal }) => {
      controller.abort();
      return signal.aborted;
    });
    expect(await seen).toBe(true);
  });

  it("never starts a job that is cancelled while it waits, and serves the next", async () => {
    const { gate, log, add } = heldLane();
    const controller = new AbortController();
    const cancelled = add("cancelled", "answer", controller.signal);
    const next = add("next");
    controller.abort(new Error("no longer wanted"));
    await expect(cancelled).rejects.toThrow("no longer wanted");
    gate.open();
    await next;
    expect(log).toEqual(["next"]);
  });

  it("never starts a job that is cancelled just as its turn comes, and serves the next", async () => {
    const { gate, log, holder, add } = heldLane();
    const controller = new AbortController();
    const cancelled = add("cancelled", "answer", controller.signal);
    const next = add("next");
    void holder.then(() => controller.abort(new Error("no longer wanted")));
    gate.open();
    await expect(cancelled).rejects.toThrow("no longer wanted");
    await next;
    expect(log).toEqual(["next"]);
  });

  it("never starts a job that was cancelled before it came", async () => {
    const log: string[] = [];
    const gone = { ...answer, signal: AbortSignal.abort(new Error("gone")) };
    const job = new Lane().run(gone, async () => {
      log.push("ran");
    });
    await expect(job).rejects.toThrow("gone");
    expect(log).toEqual([]);
  });

  it("is free again after a job that fails", async () => {
    const { lane, gate, holder, log, add } = heldLane();
    const next = add("next");
    gate.fail(new Error("broken"));
    await expect(holder).rejects.toThrow("broken");
    await next;
    expect(log).toEqual(["next"]);
    expect(await lane.run(answer, async () => "free")).toBe("free");
  });

  it(`refuses as busy when ${WAITING_MAX} jobs wait, and takes jobs again after`, async () => {
    const { gate, log, add } = heldLane();
    const jobs = Array.from({ length: WAITING_MAX }, (_, index) => add(`${index}`));
    expect((await refusalOf(() => add("one too many"))).kind).toBe("busy");
    gate.open();
    await Promise.all(jobs);
    await add("later");
    expect(log).toHaveLength(WAITING_MAX + 1);
    expect(log).not.toContain("one too many");
  });
});
