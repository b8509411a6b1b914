import { describe, expect, it } from "vitest";
import { beginTurn } from "../context/window/begin-turn.ts";
import { openWindow } from "../context/window/open-window.ts";
import { adaptAgentWindow } from "./adapt-agent-window.ts";
import { openAgentWindow } from "./open-agent-window.ts";
import { toolSet } from "./tools/tool-set.ts";

const full = { prompt: "full", tools: toolSet("full") } as const;
const minimal = { prompt: "minimal", tools: toolSet("minimal") } as const;
const opening = { id: "a", rules: [], startedOn: "2026-01-31" } as const;

describe("a window whose tools are others now", () => {
  it("is as if it had been opened with them", () => {
    const adapted = adaptAgentWindow(openAgentWindow({ ...opening, ...full }), minimal);
    const opened = openAgentWindow({ ...opening, ...minimal });
    expect(adapted.context).toEqual({ ...opened.context, version: 2 });
  });

  it("keeps its history when it had none before", () => {
    const plain = openWindow({
      ...opening,
      instructions: "Answer briefly.",
      guidance: [],
      tools: [],
      transition: "agentCycle",
    });
    const asked = beginTurn(plain, { message: "Hello?", volatile: [] });
    const { context } = adaptAgentWindow(asked, full);
    expect(context.tools).toHaveLength(full.tools.length);
    expect(context.segments.map(({ id }) => id)).toEqual(
      asked.context.segments.map(({ id }) => id),
    );
    expect(context.segments.at(-1)).toBe(asked.context.segments.at(-1));
  });

  it("stays the very same when it has them", () => {
    const opened = openAgentWindow({ ...opening, ...full });
    expect(adaptAgentWindow(opened, full)).toBe(opened);
    // As it comes back from the store.
    const stored = JSON.parse(JSON.stringify(opened)) as typeof opened;
    expect(adaptAgentWindow(stored, full)).toBe(stored);
  });
});
