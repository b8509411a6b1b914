import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ModelConfig } from "../../protocol/model.ts";
import { Gate, settle } from "../lane/gate.test-support.ts";
import { Hosted } from "./hosted.test-support.ts";

const KEEP_ALIVE_MS_DEFAULT = 15 * 60_000;

const a: ModelConfig = { path: "a.gguf" };

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => vi.useRealTimers());

describe("an idle model", () => {
  it("leaves memory after the time to live, and the next job loads it again", async () => {
    const hosted = new Hosted({ ...a, keepAliveMs: 1000 });
    await hosted.path();
    await vi.advanceTimersByTimeAsync(999);
    expect(hosted.inMemory).toEqual(["a.gguf"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(hosted.inMemory).toEqual([]);
    expect(hosted.host.status).toEqual({ state: "unloaded", path: "a.gguf" });
    expect(await hosted.path()).toBe("a.gguf");
    expect(hosted.engines).toHaveLength(2);
  });

  it("leaves memory after a quarter of an hour when nobody says otherwise", async () => {
    const hosted = new Hosted();
    await hosted.path();
    await vi.advanceTimersByTimeAsync(KEEP_ALIVE_MS_DEFAULT - 1);
    expect(hosted.inMemory).toEqual(["a.gguf"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(hosted.inMemory).toEqual([]);
  });

  it("stays for good when the time to live is 0", async () => {
    const hosted = new Hosted({ ...a, keepAliveMs: 0 });
    await hosted.path();
    await vi.advanceTimersByTimeAsync(100 * KEEP_ALIVE_MS_DEFAULT);
    expect(hosted.inMemory).toEqual(["a.gguf"]);
  });

  it("begins its time anew with each job, also one that fails", async () => {
    const hosted = new Hosted({ ...a, keepAliveMs: 1000 });
    await hosted.path();
    await vi.advanceTimersByTimeAsync(600);
    await hosted.use(() => Promise.reject(new Error("broken"))).catch(() => undefined);
    await vi.advanceTimersByTimeAsync(600);
    expect(hosted.inMemory).toEqual(["a.gguf"]);
    await vi.advanceTimersByTimeAsync(400);
    expect(hosted.inMemory).toEqual([]);
  });

  it("follows a new time to live from the moment it is configured", async () => {
    const hosted = new Hosted({ ...a, keepAliveMs: 0 });
    await hosted.path();
    hosted.host.configure({ ...a, keepAliveMs: 1000 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(hosted.inMemory).toEqual([]);
  });

  it("is not idle while a job runs, though the time to live is configured meanwhile", async () => {
    const hosted = new Hosted({ ...a, keepAliveMs: 1000 });
    const gate = new Gate();
    const job = hosted.use(() => gate.pass());
    await settle();
    hosted.host.configure({ ...a, keepAliveMs: 500 });
    await vi.advanceTimersByTimeAsync(5000);
    gate.open();
    await job;
    await settle();
    expect(hosted.inMemory).toEqual(["a.gguf"]);
    await vi.advanceTimersByTimeAsync(500);
    expect(hosted.inMemory).toEqual([]);
  });
});

describe("closing", () => {
  it("cancels what runs and what waits, then frees the memory", async () => {
    const hosted = new Hosted();
    const running = hosted.use(async (_, { signal }) => {
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
      return hosted.engines[0]!.disposed;
    });
    const waiting = hosted.path();
    const failure = waiting.catch(String);
    await settle();
    await hosted.host.close();
    expect(await running).toBe(false);
    expect(await failure).toMatch(/abort/iu);
    expect(hosted.inMemory).toEqual([]);
  });

  it("cancels a load", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    hosted.beforeLoad = () => gate.pass();
    const failure = hosted.path().catch(String);
    await settle();
    const closed = hosted.host.close();
    gate.open();
    await closed;
    expect(await failure).toMatch(/abort/iu);
    expect(hosted.engines).toEqual([]);
  });

  it("is for good: no job comes after it", async () => {
    const hosted = new Hosted();
    await hosted.host.close();
    await expect(hosted.path()).rejects.toThrow(/abort/iu);
    expect(hosted.engines).toEqual([]);
  });
});
