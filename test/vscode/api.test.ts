import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiSession, startApiSession } from "./support/api-session.ts";
import type { Probe } from "./support/probe.ts";
import { isAlive, sidecarOf } from "./support/processes.ts";
import { waitFor } from "./support/wait-for.ts";

/**
 * It takes a tenth of this and less on a machine that has nothing else to do. `startup.test.ts` is exact:
 * it counts what is evaluated.
 */
const ACTIVATION_MS_MAX = 1_000;

const LOOK_UP = {
  name: "look_up",
  description: "Looks up a word.",
  inputSchema: {
    type: "object",
    properties: { word: { type: "string", enum: ["basket", "price"] } },
    required: ["word"],
  },
};

type Manifest = {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
  };
};

describe("for other extensions", () => {
  let session: ApiSession;
  let probe: Probe;

  beforeAll(async () => {
    session = await startApiSession();
    probe = session.probe;
  });
  afterAll(() => session?.stop());

  it("starts without holding up the window, and without a sidecar", async () => {
    const { wasActive, wallMs, cpuMs } = await probe.call("activate");
    // On a slow machine the editor may have been first, and then there is nothing to measure.
    const time = `${wallMs.toFixed(1)} ms, ${cpuMs.toFixed(1)} ms of it computing`;
    console.log(`Activation: ${wasActive ? "not measured, the editor was first" : time}.`);
    expect(wasActive ? 0 : cpuMs).toBeLessThan(ACTIVATION_MS_MAX);
    expect(sidecarOf(probe.hostId)).toBeNull();
  });

  it("has a title for every command, and a command for every title", async () => {
    const { contributes } = (await probe.call("manifest")) as Manifest;
    for (const { title } of contributes.commands) expect(title).toMatch(/^[A-Z].*[a-z](\.{3})?$/);
    const declared = contributes.commands.map(({ command }) => command);
    expect((await probe.call("commands")).toSorted()).toEqual(declared.toSorted());
  });

  it("offers one model", async () => {
    const models = await probe.call("models");
    expect(models.map(({ name }) => name.replace(/-.*/, ""))).toEqual(["tiny"]);
    expect(sidecarOf(probe.hostId)).toBeNull();
  });

  it("streams the same answer to the same question", async () => {
    const asked = { prompt: "What is a basket?", modelOptions: { maxTokens: 400 } };
    const first = await probe.call("ask", asked);
    const second = await probe.call("ask", asked);
    expect(first.error).toBeNull();
    expect(first.texts.length).toBeGreaterThan(3);
    expect(second.texts.join("")).toBe(first.texts.join(""));
  });

  it("counts tokens", async () => {
    const one = await probe.call("countTokens", "basket");
    expect(one).toBeGreaterThan(0);
    expect(await probe.call("countTokens", "basket ".repeat(50))).toBeGreaterThanOrEqual(50 * one);
  });

  it("calls a tool when it has to", async () => {
    const { calls, error } = await probe.call("ask", {
      prompt: "What is a basket?",
      tools: [LOOK_UP],
      toolRequired: true,
    });
    expect(error).toBeNull();
    expect(calls.map(({ name }) => name)).toEqual(["look_up"]);
    expect(JSON.stringify(calls[0]?.input)).toMatch(/^\{"word":"(basket|price)"\}$/);
  });

  it("takes the options of a request", async () => {
    const { texts } = await probe.call("ask", { prompt: "Hello", modelOptions: { maxTokens: 1 } });
    expect(await probe.call("countTokens", texts.join(""))).toBeLessThanOrEqual(2);
  });

  it("stops when it is told to", async () => {
    // More than the window has room for is no error.
    await probe.call("configure", { "kvasir.answer.maxTokens": 100_000 });
    const { texts } = await probe.call("ask", { prompt: "Everything, please.", partsMax: 3 });
    expect(texts.length).toBeLessThan(100);
    await probe.call("configure", { "kvasir.answer.maxTokens": 8 });
    const { error } = await probe.call("ask", { prompt: "And now?" });
    expect(error).toBeNull();
  });

  it("takes a changed setting into account", async () => {
    const [before] = await probe.call("models");
    await probe.call("configure", { "kvasir.model.contextTokens": 1_024 });
    await waitFor("a smaller window", async () => {
      const [after] = await probe.call("models");
      return (after?.maxInputTokens ?? 0) < (before?.maxInputTokens ?? 0);
    });
    const { error } = await probe.call("ask", { prompt: "word ".repeat(1_500) });
    expect(error?.message).toMatch(/^The prompt has [\d,]+ tokens and the window holds [\d,]+\.$/);
  });

  it("says that an answer is not all there which the window had no room for", async () => {
    await probe.call("configure", { "kvasir.answer.maxTokens": null });
    const { texts, error } = await probe.call("ask", { prompt: "word ".repeat(600) });
    expect(error?.message).toMatch(/^The answer was cut at its limit of tokens\. /);
    expect(texts.length).toBeGreaterThan(0);
    await probe.call("configure", { "kvasir.answer.maxTokens": 8 });
  });

  it("explains in one sentence what went wrong with the model file", async () => {
    await probe.call("configure", { "kvasir.model.path": "/nowhere/no-model.gguf" });
    const { error } = await probe.call("ask", { prompt: "Hello?" });
    expect(error?.message).toMatch(/^[^\n]*no-model\.gguf[^\n]*\.$/);
  });

  it("leaves no sidecar behind when the editor is ended", async () => {
    const sidecar = await waitFor("the sidecar", () => sidecarOf(probe.hostId));
    await session.stop();
    await expect.poll(() => isAlive(sidecar)).toBe(false);
  });
});
