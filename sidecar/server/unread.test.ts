import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settle } from "../lane/gate.test-support.ts";
import { Unread } from "./unread.ts";

const UNREAD_MAX = 32;
const READER_MS_MAX = 30_000;

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

/** A wire of which the test decides when it takes a message. */
function slowWire() {
  const unread = new Unread();
  const taking: (() => void)[] = [];
  const waits: Promise<void>[] = [];
  unread.onBehind = (caughtUp) => waits.push(caughtUp);
  const send = (count: number): void => {
    for (let message = 0; message < count; message++) {
      unread.add(new Promise((resolve) => taking.push(resolve)));
    }
  };
  const take = async (count: number): Promise<void> => {
    for (const taken of taking.splice(0, count)) taken();
    await settle();
  };
  return { unread, send, take, waits };
}

describe("a reader", () => {
  it("that takes what comes holds nothing up", async () => {
    const { send, take, waits } = slowWire();
    for (let round = 0; round < 100; round++) {
      send(UNREAD_MAX);
      await take(UNREAD_MAX);
    }
    expect(waits).toEqual([]);
  });

  it("that falls behind is waited for until it has taken half", async () => {
    const { send, take, waits } = slowWire();
    send(UNREAD_MAX + 1);
    expect(waits).toHaveLength(1);
    let caughtUp = false;
    void waits[0]!.then(() => (caughtUp = true));
    await take(UNREAD_MAX / 2);
    expect(caughtUp).toBe(false);
    await take(1);
    expect(caughtUp).toBe(true);
  });

  it("that comes back in time is not given up, and may fall behind again", async () => {
    const { unread, send, take, waits } = slowWire();
    send(UNREAD_MAX + 1);
    vi.advanceTimersByTime(READER_MS_MAX - 1);
    await take(UNREAD_MAX);
    vi.advanceTimersByTime(READER_MS_MAX);
    expect(unread.gaveUp.aborted).toBe(false);
    send(UNREAD_MAX);
    expect(waits).toHaveLength(2);
  });

  it("that never reads is given up", () => {
    const { unread, send } = slowWire();
    send(UNREAD_MAX + 1);
    vi.advanceTimersByTime(READER_MS_MAX);
    expect(unread.gaveUp.aborted).toBe(true);
  });

  it("is no longer waited for when the answer has ended", () => {
    const { unread, send } = slowWire();
    send(UNREAD_MAX + 1);
    unread.dispose();
    vi.advanceTimersByTime(READER_MS_MAX);
    expect(unread.gaveUp.aborted).toBe(false);
  });
});
