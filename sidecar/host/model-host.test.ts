import { describe, expect, it } from "vitest";
import type { ModelConfig } from "../../protocol/model.ts";
import { refusalOf } from "../history/refused.test-support.ts";
import { Gate, settle } from "../lane/gate.test-support.ts";
import { Refusal } from "../refusal.ts";
import { Hosted } from "./hosted.test-support.ts";

const WAITING_MAX = 64;

const a: ModelConfig = { path: "a.gguf" };
const b: ModelConfig = { path: "b.gguf" };
const signal = new AbortController().signal;

describe("the model", () => {
  it("is loaded by the first job, not before, and used by the next", async () => {
    const hosted = new Hosted();
    await settle();
    expect(hosted.engines).toEqual([]);
    expect(hosted.host.loaded).toBeNull();
    expect(await hosted.path()).toBe("a.gguf");
    expect(await hosted.path()).toBe("a.gguf");
    expect(hosted.engines).toHaveLength(1);
    expect(hosted.host.loaded?.engine).toBe(hosted.engines[0]);
  });

  it("tells how its loading goes on, to everyone and to the job that waits for it", async () => {
    const hosted = new Hosted();
    const shares: number[] = [];
    await hosted.host.use(
      { priority: "answer", agent: "a", signal, onLoading: (share) => shares.push(share) },
      async () => undefined,
    );
    expect(hosted.statuses).toEqual([
      { state: "unloaded", path: "a.gguf" },
      { state: "loading", path: "a.gguf", share: 0 },
      { state: "loading", path: "a.gguf", share: 0.5 },
      { state: "loading", path: "a.gguf", share: 1 },
      { state: "ready", facts: hosted.engines[0]!.facts },
    ]);
    expect(shares).toEqual([0.5, 1]);
    expect(hosted.host.status).toEqual(hosted.statuses.at(-1));
  });

  it("is refused when none is chosen", async () => {
    const hosted = new Hosted({ path: null });
    expect(hosted.host.status).toEqual({ state: "unset" });
    expect((await refusalOf(() => hosted.path())).kind).toBe("modelNotSet");
    expect(hosted.host.status).toEqual({ state: "unset" });
  });

  it("that cannot be loaded fails with its reason, and the next job tries again", async () => {
    const hosted = new Hosted();
    hosted.beforeLoad = () => Promise.reject(new Refusal("modelMissing", "It is gone."));
    const error = { kind: "modelMissing", message: "It is gone." };
    expect(await refusalOf(() => hosted.path())).toEqual(error);
    expect(hosted.host.status).toEqual({ state: "failed", path: "a.gguf", error });
    hosted.beforeLoad = async () => undefined;
    expect(await hosted.path()).toBe("a.gguf");
    expect(hosted.host.status.state).toBe("ready");
  });

  it("is no longer called failed when it is configured once more", async () => {
    const hosted = new Hosted();
    hosted.beforeLoad = () => Promise.reject(new Refusal("modelMissing", "It is gone."));
    await refusalOf(() => hosted.path());
    expect(hosted.host.configure(a)).toEqual({ state: "unloaded", path: "a.gguf" });
  });

  it("is loaded once, also if somebody more urgent comes meanwhile", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    hosted.beforeLoad = async (loading) => {
      await gate.pass();
      loading.throwIfAborted();
    };
    const warm = hosted.host.use(
      { priority: "warm", agent: "a", signal },
      async (_model, hold) => hold.signal.aborted,
    );
    await settle();
    const answer = hosted.path();
    await settle();
    gate.open();
    // What only prepares gives way as soon as there is a model.
    expect(await warm).toBe(true);
    expect(await answer).toBe("a.gguf");
    expect(hosted.engines).toHaveLength(1);
  });

  it("whose loading is cancelled is simply not loaded", async () => {
    const hosted = new Hosted();
    const controller = new AbortController();
    hosted.beforeLoad = async () => controller.abort(new Error("no longer wanted"));
    const job = hosted.host.use(
      { priority: "answer", agent: "a", signal: controller.signal },
      async () => undefined,
    );
    await expect(job).rejects.toThrow("no longer wanted");
    expect(hosted.host.status).toEqual({ state: "unloaded", path: "a.gguf" });
    expect(hosted.engines).toEqual([]);
  });

  it("stays after a job that fails", async () => {
    const hosted = new Hosted();
    const job = hosted.use(() => Promise.reject(new Error("broken")));
    await expect(job).rejects.toThrow("broken");
    expect(hosted.inMemory).toEqual(["a.gguf"]);
    expect(hosted.host.status.state).toBe("ready");
  });
});

describe("configuring", () => {
  it("another model unloads the present one at once, and the next job loads the other", async () => {
    const hosted = new Hosted();
    await hosted.path();
    expect(hosted.host.configure(b)).toEqual({ state: "unloaded", path: "b.gguf" });
    expect(hosted.host.loaded).toBeNull();
    await settle();
    expect(hosted.inMemory).toEqual([]);
    expect(await hosted.path()).toBe("b.gguf");
    const [unloaded, ...loaded] = ["unloaded", "loading", "loading", "loading", "ready"];
    expect(hosted.states).toEqual([unloaded, ...loaded, unloaded, ...loaded]);
  });

  it("another window for the same file is another model", async () => {
    const hosted = new Hosted();
    await hosted.path();
    hosted.host.configure({ ...a, windowTokens: 1024 });
    await settle();
    expect(hosted.inMemory).toEqual([]);
    expect(await hosted.use(async ({ engine }) => engine.facts.windowTokens)).toBe(1024);
  });

  it("no model at all unloads the present one", async () => {
    const hosted = new Hosted();
    await hosted.path();
    expect(hosted.host.configure({ path: null })).toEqual({ state: "unset" });
    await settle();
    expect(hosted.inMemory).toEqual([]);
  });

  it("the same model with another time to live keeps it", async () => {
    const hosted = new Hosted();
    await hosted.path();
    const { status } = hosted.host;
    expect(hosted.host.configure({ ...a, keepAliveMs: 1000 })).toEqual(status);
    await settle();
    expect(hosted.inMemory).toEqual(["a.gguf"]);
    expect(hosted.host.loaded).not.toBeNull();
  });

  it("another model lets the running job finish on the old one", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    const job = hosted.use(async ({ engine }) => {
      await gate.pass();
      return [engine.facts.path, hosted.engines[0]!.disposed];
    });
    await settle();
    hosted.host.configure(b);
    await settle();
    gate.open();
    expect(await job).toEqual(["a.gguf", false]);
    await settle();
    expect(hosted.inMemory).toEqual([]);
  });

  it("another model loads it once for a job that waits already", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    const running = hosted.use(() => gate.pass());
    const waiting = hosted.path();
    await settle();
    hosted.host.configure(b);
    gate.open();
    await running;
    expect(await waiting).toBe("b.gguf");
    await settle();
    expect(hosted.inMemory).toEqual(["b.gguf"]);
    expect(hosted.host.status).toMatchObject({ state: "ready", facts: { path: "b.gguf" } });
  });

  it("another model while one is loading gives the job the other", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    hosted.beforeLoad = () => gate.pass();
    const job = hosted.path();
    await settle();
    hosted.host.configure(b);
    gate.open();
    expect(await job).toBe("b.gguf");
    expect(hosted.inMemory).toEqual(["b.gguf"]);
    expect(hosted.host.status).toMatchObject({ state: "ready", facts: { path: "b.gguf" } });
  });

  it("another model while one fails to load gives the job the other", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    hosted.beforeLoad = () => gate.pass();
    const job = hosted.path();
    await settle();
    hosted.host.configure(b);
    hosted.beforeLoad = async () => undefined;
    gate.fail(new Refusal("modelMissing", "It is gone."));
    expect(await job).toBe("b.gguf");
    expect(hosted.host.status).toMatchObject({ state: "ready", facts: { path: "b.gguf" } });
  });

  it("another model and back again, before the first could leave, keeps the first", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    const job = hosted.use(() => gate.pass());
    await settle();
    hosted.host.configure(b);
    expect(hosted.host.configure(a).state).toBe("ready");
    gate.open();
    await job;
    await settle();
    expect(hosted.inMemory).toEqual(["a.gguf"]);
  });

  it("no model at all while one is loading leaves none", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    hosted.beforeLoad = () => gate.pass();
    const job = refusalOf(() => hosted.path());
    await settle();
    hosted.host.configure({ path: null });
    gate.open();
    expect((await job).kind).toBe("modelNotSet");
    expect(hosted.inMemory).toEqual([]);
    expect(hosted.host.status).toEqual({ state: "unset" });
  });

  it("another model does no harm when as many jobs wait as may", async () => {
    const hosted = new Hosted();
    const gate = new Gate();
    const running = hosted.use(() => gate.pass());
    const waiting = Array.from({ length: WAITING_MAX }, () => hosted.path());
    await settle();
    hosted.host.configure(b);
    gate.open();
    await running;
    expect(new Set(await Promise.all(waiting))).toEqual(new Set(["b.gguf"]));
    expect(hosted.engines).toHaveLength(2);
  });
});
