import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { QUANTUM_MS } from "./fair-share.ts";
import { settle } from "./gate.test-support.ts";
import type { Hold, Priority } from "./job.ts";
import { Lane } from "./lane.ts";

const never = new AbortController().signal;

/** A lane on a clock of its own, and agents that decode so many times, so long each. */
function sharedLane() {
  let nowMs = 0;
  const lane = new Lane({ now: () => nowMs });
  const log: string[] = [];
  const entered: string[] = [];
  const decoding = async (
    agent: string,
    decodes: number,
    decodeMs: number,
    options: { signal?: AbortSignal; begin?: (hold: Hold) => void } = {},
  ): Promise<void> => {
    const { signal = never, begin = () => undefined } = options;
    await lane.run({ priority: "answer", agent, signal }, async (hold) => {
      hold.share(async () => {
        entered.push(agent);
      });
      begin(hold);
      for (let decode = 0; decode < decodes && !hold.signal.aborted; decode++) {
        await lane.beforeDecode();
        nowMs += decodeMs;
        log.push(agent);
        await settle();
      }
    });
  };
  return { lane, log, entered, decoding };
}

function shareOf(agent: string, log: readonly string[]): number {
  return log.filter((name) => name === agent).length;
}

describe("answers that share the model", () => {
  it("take turns of about a quantum", async () => {
    const { log, decoding } = sharedLane();
    await Promise.all([decoding("a", 60, 10), decoding("b", 60, 10)]);
    const both = log.slice(0, 100);
    expect(Math.abs(shareOf("a", both) - shareOf("b", both))).toBeLessThanOrEqual(10);
    const switches = log.filter((agent, at) => at > 0 && agent !== log[at - 1]).length;
    expect(switches).toBeGreaterThan(10);
    expect(switches).toBeLessThan(30);
  });

  it("get the same time, not the same number of decodes", async () => {
    const { log, decoding } = sharedLane();
    await Promise.all([decoding("prefill", 10, 150), decoding("decode", 500, 3)]);
    const whilePrefilling = log.slice(0, log.lastIndexOf("prefill"));
    const decodedMs = 3 * shareOf("decode", whilePrefilling);
    expect(decodedMs).toBeGreaterThan(9 * 150 - 150 - QUANTUM_MS);
    expect(decodedMs).toBeLessThan(9 * 150 + 150 + QUANTUM_MS);
  });

  it("let a newcomer begin at the next decode", async () => {
    const { log, decoding } = sharedLane();
    const first = decoding("a", 100, 10);
    await settle();
    const before = log.length;
    await Promise.all([first, decoding("b", 1, 10)]);
    expect(log.indexOf("b")).toBeLessThanOrEqual(before + 1);
  });

  it("are told when they get the model back, and only then", async () => {
    const { entered, log, decoding } = sharedLane();
    const first = decoding("a", 30, 10);
    await settle();
    await Promise.all([first, decoding("b", 30, 10)]);
    const returns = log.filter((agent, at) => at > 0 && agent !== log[at - 1]).length - 1;
    expect(entered).toHaveLength(returns);
    const alone = sharedLane();
    await alone.decoding("a", 30, 10);
    expect(alone.entered).toEqual([]);
  });

  it("go on without one that waits for its reader", async () => {
    const { log, decoding } = sharedLane();
    const reader = Promise.withResolvers<void>();
    const slow = decoding("slow", 3, 10, { begin: ({ pauseUntil }) => pauseUntil(reader.promise) });
    await decoding("quick", 20, 10);
    expect(shareOf("slow", log)).toBe(0);
    reader.resolve();
    await slow;
    expect(shareOf("slow", log)).toBe(3);
  });

  it("end at once when they are cancelled while they stand aside", async () => {
    const { log, decoding } = sharedLane();
    const controller = new AbortController();
    const cancelled = decoding("a", 1000, 10, { signal: controller.signal });
    const other = decoding("b", 100, 10);
    await settle();
    controller.abort();
    const before = log.length;
    await cancelled;
    expect(log.length).toBeLessThanOrEqual(before + 2);
    await other;
  });

  it("end when they are cancelled while they wait for their reader", async () => {
    const { lane, decoding } = sharedLane();
    const controller = new AbortController();
    const never = new Promise<void>(() => undefined);
    const cancelled = decoding("a", 5, 10, {
      signal: controller.signal,
      begin: ({ pauseUntil }) => pauseUntil(never),
    });
    await settle();
    controller.abort();
    await cancelled;
    expect(lane.isIdle).toBe(true);
  });

  it("never include two of one agent", async () => {
    const { log, decoding } = sharedLane();
    await Promise.all([decoding("a", 20, 10), decoding("a", 20, 10), decoding("b", 5, 10)]);
    expect(log.lastIndexOf("b")).toBeLessThan(30);
    expect(shareOf("a", log)).toBe(40);
  });

  it("are at most four, and the fifth begins when one has ended", async () => {
    const { log, decoding } = sharedLane();
    const jobs = ["a", "b", "c", "d"].map((agent) => decoding(agent, 10, 10));
    const fifth = decoding("e", 10, 10);
    await Promise.all([...jobs, fifth]);
    const firstEnd = Math.min(...["a", "b", "c", "d"].map((agent) => log.lastIndexOf(agent)));
    expect(log.indexOf("e")).toBeGreaterThan(firstEnd);
  });

  it("do not run beside a job that needs the model alone", async () => {
    const { lane, log, decoding } = sharedLane();
    const running = decoding("a", 20, 10);
    await settle();
    const alone = lane.run({ priority: "answer", agent: "unload", signal: never }, async (hold) => {
      await hold.alone();
      log.push("alone");
      await settle();
    });
    const later = decoding("b", 5, 10);
    await Promise.all([running, alone, later]);
    const at = log.indexOf("alone");
    expect(log.slice(0, at)).toEqual(Array.from({ length: 20 }, () => "a"));
    expect(log.slice(at + 1)).toEqual(Array.from({ length: 5 }, () => "b"));
  });

  it("can wait for another to end, which says whether there was one", async () => {
    const { lane, log, decoding } = sharedLane();
    const running = decoding("a", 8, 10);
    await settle();
    const answers: boolean[] = [];
    await lane.run({ priority: "answer", agent: "b", signal: never }, async (hold) => {
      answers.push(await hold.othersEnd());
      log.push("b");
      answers.push(await hold.othersEnd());
    });
    await running;
    expect(answers).toEqual([true, false]);
    expect(log.at(-1)).toBe("b");
  });

  it("cost a decode nothing when there is only one", async () => {
    const lane = new Lane();
    expect(lane.beforeDecode()).toBeUndefined();
    await lane.run({ priority: "answer", agent: "a", signal: never }, async (hold) => {
      hold.share(async () => undefined);
      expect(lane.beforeDecode()).toBeUndefined();
    });
  });
});

type Act = {
  readonly priority: Priority;
  readonly agent: string;
  readonly turns: number;
  readonly decodes: number;
  readonly cancel: boolean;
  readonly alone: boolean;
};

describe("any schedule of jobs", () => {
  const act: fc.Arbitrary<Act> = fc.record({
    priority: fc.constantFrom("answer", "warm", "fold", "save"),
    agent: fc.constantFrom("a", "b", "c"),
    /** Microtasks until it comes. */
    turns: fc.nat(30),
    decodes: fc.nat(4),
    cancel: fc.boolean(),
    alone: fc.boolean(),
  });

  it("never has two jobs at the model at once, and ends every one of them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 20 }), fc.scheduler(), async (acts, s) => {
        let nowMs = 0;
        const lane = new Lane({ now: () => (nowMs += 20) });
        const used = new Set<string>();
        const use = async (): Promise<void> => {
          expect([...used]).toEqual([]);
          used.add("model");
          await s.schedule(Promise.resolve());
          used.delete("model");
        };
        const all = acts.map(async ({ priority, agent, turns, decodes, cancel, alone }) => {
          for (let turn = 0; turn < turns; turn++) await Promise.resolve();
          const controller = new AbortController();
          if (cancel) void s.schedule(Promise.resolve()).then(() => controller.abort());
          const job = lane.run({ priority, agent, signal: controller.signal }, async (hold) => {
            if (alone) await hold.alone();
            else if (priority === "answer") hold.share(use);
            for (let decode = 0; decode < decodes && !hold.signal.aborted; decode++) {
              await lane.beforeDecode();
              await use();
            }
          });
          return await job.catch((error: unknown) => {
            if (error !== controller.signal.reason) throw error;
          });
        });
        await s.waitFor(Promise.all(all));
        expect(lane.isIdle).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
