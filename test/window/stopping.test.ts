import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headlessHost } from "../../cli/agent/headless-host.ts";
import { MemoryFiles } from "../../cli/bench/memory-files.ts";
import { Agent } from "../../extension/agent/agent.ts";
import { AGENT_LIMITS_DEFAULT } from "../../extension/agent/agent-limits.ts";
import { LivingWindow } from "../../extension/agent/living-window.ts";
import type { SidecarConnection } from "../../extension/client/connection.ts";
import type { VolatileText } from "../../extension/context/window/refresh-volatile.ts";
import type { WindowState } from "../../extension/context/window/window-state.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import { InProcessSidecar } from "../support/in-process-sidecar.ts";
import { windowOver } from "../support/open-window.ts";

// The simulated model has one token per character.
const WINDOW_TOKENS = 3_600;

let sidecar: InProcessSidecar;
let stop: AbortController;
let notices: string[];

beforeEach(async () => {
  const answers = ["An answer of some thirty letters."];
  sidecar = await InProcessSidecar.start({ windowTokens: WINDOW_TOKENS, answers });
  stop = new AbortController();
  notices = [];
});
afterEach(() => sidecar.stop());

function open(connection: SidecarConnection = sidecar): ContextWindow {
  return windowOver(connection, new MemoryFiles(), {
    summarises: () => true,
    onNotice: (sentence) => notices.push(sentence),
  });
}

async function talk(window: ContextWindow, message: string): Promise<void> {
  await window.beginTurn({ volatile: [], message });
  await window.generate({ sampling: {}, maxTokens: 40 });
}

/** More than the history may have, and less than the window. */
async function talkLong(window: ContextWindow): Promise<void> {
  for (let turn = 0; turn < 24; turn++) {
    await talk(window, `Question number ${turn}, which is not short at all.`);
  }
}

/** The sidecar, through a connection that tells what happens on it. */
function watched(told: {
  readonly onRequest?: (method: string) => void;
  readonly onRefused?: () => void;
  readonly onEvent?: () => void;
}): SidecarConnection {
  return {
    request: async (type, params, signal) => {
      told.onRequest?.(type.method);
      try {
        return await sidecar.request(type, params, signal);
      } catch (error) {
        told.onRefused?.();
        throw error;
      }
    },
    requestBare: async (type) => await sidecar.requestBare(type),
    onNotification: (type, handler) => sidecar.onNotification(type, handler),
    onProgress: (type, token, handler) =>
      sidecar.onProgress(type, token, (value) => {
        told.onEvent?.();
        handler(value);
      }),
  };
}

describe("a turn that is stopped", () => {
  it("while texts for it are gathered ends as stopped, and keeps its message", async () => {
    const window = open();
    await talk(window, "Hello?");
    const volatile = async (): Promise<readonly VolatileText[]> => {
      stop.abort();
      return [{ name: "State", text: "calm" }];
    };
    const living = new LivingWindow(window, {
      uriOf: (path) => path,
      checkFiles: async () => undefined,
      volatile,
    });
    const agent = new Agent({
      window: living,
      tools: [],
      host: { ...(await headlessHost(".", { onChanged: () => undefined })), window: living },
      limits: AGENT_LIMITS_DEFAULT,
      sampling: {},
      onEvent: () => undefined,
    });
    const outcome = await agent.run("Never mind.", stop.signal);
    expect(outcome).toMatchObject({ kind: "ended", why: "user" });
    await talk(window, "Still there?");
    expect(sidecar.residentText).toContain("Never mind.");
  });

  it("while the model is loaded ends as stopped", async () => {
    const window = open();
    await window.beginTurn({ volatile: [], message: "Hello?" });
    const { stop: why } = await window.generate({
      sampling: {},
      signal: stop.signal,
      onEvent: ({ kind }) => {
        if (kind === "loading") stop.abort();
      },
    });
    expect(why).toBe("cancelled");
    await talk(window, "Again?");
    expect(sidecar.residentText).toContain("Hello?");
  });

  it("when its prompt has turned out too long ends as stopped, and leaves nothing out", async () => {
    const window = open(watched({ onRefused: () => stop.abort() }));
    await talkLong(window);
    await window.beginTurn({ volatile: [], message: "A long one: ".repeat(140) });
    const { segments } = window.state.context;
    const answer = await window.generate({ sampling: {}, maxTokens: 40, signal: stop.signal });
    expect([stop.signal.aborted, answer.stop]).toEqual([true, "cancelled"]);
    expect(window.state.context.segments).toEqual(segments);
    expect(notices).toEqual([]);
  });
});

describe("making room while nobody waits", () => {
  it("is given up when somebody comes while the model sums up", async () => {
    const during: WindowState[] = [];
    let settles = false;
    const onEvent = (): void => {
      if (!settles) return;
      during.push(window.state);
      stop.abort();
    };
    const window = open(watched({ onEvent }));
    await talkLong(window);
    const { segments } = window.state.context;
    settles = true;
    expect(await window.settle(stop.signal)).toEqual({ folded: false, usage: null });
    // Whoever keeps or copies the chat meanwhile gets no request for a summary.
    expect(during[0]?.context.segments).toEqual(segments);
    expect(window.state.context.segments).toEqual(segments);
    expect(notices).toEqual([]);
  });

  it("is done the next time when it was given up", async () => {
    let settles = false;
    const window = open(watched({ onEvent: () => settles && stop.abort() }));
    await talkLong(window);
    settles = true;
    await window.settle(stop.signal);
    expect([stop.signal.aborted, notices]).toEqual([true, []]);
    expect(await window.settle()).toMatchObject({ folded: true });
    expect(notices).toEqual([expect.stringContaining("This chat makes room")]);
    expect(sidecar.residentText).toBe(sidecar.textOf(window.state.context));
  });

  it("is given up without a failure when somebody comes while tokens are counted", async () => {
    let settles = false;
    const onRequest = (method: string): void => {
      if (settles && method === "kvasir/context/count") stop.abort();
    };
    const window = open(watched({ onRequest }));
    await talkLong(window);
    const { segments } = window.state.context;
    settles = true;
    expect(await window.settle(stop.signal)).toEqual({ folded: false, usage: null });
    expect(stop.signal.aborted).toBe(true);
    expect(window.state.context.segments).toEqual(segments);
    expect(notices).toEqual([]);
  });
});
