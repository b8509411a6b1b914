import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../history/refused.test-support.ts";
import { Gate, settle } from "./gate.test-support.ts";
import { Lane, type Priority } from "./lane.ts";

const WAITING_MAX = 64;
const never = new AbortController().signal;

/** A lane that is held by a job until `gate` opens, and the log of what ran behind it. */
function heldLane(priority: Priority = "answer") {
  const lane = new Lane();
  const gate = new Gate();
  const log: string[] = [];
  const holder = lane.run(priority, never, async (signal) => {
    await gate.pass();
    return signal;
  });
  const add = (name: string, kind: Priority = "answer", signal = never): Promise<void> =>
    lane.run(kind, signal, async () => {
      log.push(name);
    });
  return { lane, gate, log, holder, add };
}

describe("the lane", () => {
  it("answers what the job answers", async () => {
    expect(await new Lane().run("answer", never, async () => 7)).toBe(7);
  });

  it("starts a job at once when it is free", () => {
    const { gate } = heldLane();
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
    const warming = lane.run("warm", never, async (signal) => {
      await second.pass();
      return signal.aborted;
    });
    // This is the first moment at which a caller can know that the first job has ended.
    const answered = holder.then(async () => {
      await lane.run("answer", never, async () => undefined);
    });
    gate.open();
    await settle();
    second.open();
    expect(await warming).toBe(true);
    await answered;
  });

  it("tells a running job when its own request is cancelled", async () => {
    const controller = new AbortController();
    const seen = new Lane().run("answer", controller.signal, async (signal) => {
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
    const job = new Lane().run("answer", AbortSignal.abort(new Error("gone")), async () => {
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
    expect(await lane.run("answer", never, async () => "free")).toBe("free");
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

describe("work between decodes", () => {
  it("runs at once when the lane is free", async () => {
    expect(await new Lane().betweenDecodes(async () => 7)).toBe(7);
  });

  it("runs in the middle of a job, at its next decode", async () => {
    const lane = new Lane();
    const [first, second] = [new Gate(), new Gate()];
    const log: string[] = [];
    const job = lane.run("answer", never, async () => {
      for (const gate of [first, second]) {
        await gate.pass();
        await lane.beforeDecode();
        log.push("decode");
      }
    });
    const between = lane.betweenDecodes(async () => log.push("between"));
    await settle();
    expect(log).toEqual([]);
    first.open();
    await between;
    await settle();
    expect(log).toEqual(["between", "decode"]);
    second.open();
    await job;
    expect(log).toEqual(["between", "decode", "decode"]);
  });

  it("costs a decode nothing when there is none", () => {
    expect(new Lane().beforeDecode()).toBeUndefined();
  });

  it("keeps its order, and runs before the next job when the present one decodes no more", async () => {
    const { lane, gate, log, add } = heldLane();
    const next = add("next job");
    const between = ["a", "b"].map((name) => lane.betweenDecodes(async () => log.push(name)));
    gate.open();
    await Promise.all([next, ...between]);
    expect(log).toEqual(["a", "b", "next job"]);
  });

  it("fails alone: neither the job that it interrupts nor the work behind it is harmed", async () => {
    const { lane, gate, holder } = heldLane();
    const broken = lane.betweenDecodes(async () => {
      throw new Error("broken");
    });
    const behind = lane.betweenDecodes(async () => "behind");
    const failure = broken.catch(String);
    await lane.beforeDecode();
    expect(await failure).toContain("broken");
    expect(await behind).toBe("behind");
    gate.open();
    expect((await holder).aborted).toBe(false);
  });

  it(`is refused as busy when ${WAITING_MAX} wait`, async () => {
    const { lane, gate, log } = heldLane();
    const waiting = Array.from({ length: WAITING_MAX }, () =>
      lane.betweenDecodes(async () => log.push("ran")),
    );
    const refusal = await refusalOf(() => lane.betweenDecodes(async () => log.push("too many")));
    expect(refusal.kind).toBe("busy");
    gate.open();
    await Promise.all(waiting);
    expect(log).toEqual(Array.from({ length: WAITING_MAX }, () => "ran"));
  });

  // Between the end of a job and the moment at which the lane is free lie a few microtasks.
  it.each([0, 1, 2, 3, 4, 5])("is not lost when it comes %i turns after a job", async (turns) => {
    const { lane, gate, holder } = heldLane();
    gate.open();
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    let ran = false;
    void lane.betweenDecodes(async () => {
      ran = true;
    });
    await holder;
    await settle();
    expect(ran).toBe(true);
  });
});

type Act = { kind: "answer" | "warm" | "between"; turns: number; decodes: number; cancel: boolean };

describe("any schedule of jobs", () => {
  const act: fc.Arbitrary<Act> = fc.record({
    kind: fc.constantFrom("answer", "warm", "between"),
    /** Microtasks until it comes. */
    turns: fc.nat(30),
    decodes: fc.nat(4),
    cancel: fc.boolean(),
  });

  it("never has two jobs at once, and ends every one of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), fc.scheduler(), async (acts, s) => {
        const lane = new Lane();
        const used = new Set<string>();
        /** Uses the model as one engine call does. */
        const use = async (): Promise<void> => {
          expect([...used]).toEqual([]);
          used.add("model");
          await s.schedule(Promise.resolve());
          used.delete("model");
        };
        let owners = 0;
        const all = acts.map(async ({ kind, turns, decodes, cancel }) => {
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          if (kind === "between") return await lane.betweenDecodes(use);
          const controller = new AbortController();
          if (cancel) void s.schedule(Promise.resolve()).then(() => controller.abort());
          const job = lane.run(kind, controller.signal, async (signal) => {
            expect(++owners).toBe(1);
            for (let decode = 0; decode < decodes && !signal.aborted; decode++) {
              await lane.beforeDecode();
              await use();
            }
            owners--;
          });
          return await job.catch((error: unknown) => {
            if (error !== controller.signal.reason) throw error;
          });
        });
        await s.waitFor(Promise.all(all));
        expect(await lane.run("answer", never, async () => "free")).toBe("free");
      }),
      { numRuns: 500 },
    );
  });
});
