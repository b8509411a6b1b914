import type { Segment } from "../../protocol/segment.ts";
import { openWindow } from "../context/window/open-window.ts";
import type { WindowState } from "../context/window/window-state.ts";
import type { SavedSession } from "../window/stored-session.ts";

const HISTORY = { stability: "history" } as const;

const SAID: readonly Segment[] = [
  {
    ...HISTORY,
    id: "file-1",
    role: "user",
    kind: "selection",
    label: "src/a.ts, lines 1–1",
    text: "src/a.ts, lines 1–1\n```ts\nlet a = 1;\n```\n",
  },
  {
    ...HISTORY,
    id: "message-2",
    role: "user",
    kind: "message",
    label: "message 1",
    text: "Why is `a` 1?\nIn /people/ada/code/src/a.ts",
  },
  {
    ...HISTORY,
    id: "generated-1",
    role: "assistant",
    kind: "answer",
    text: "I look.",
    reasoning: "It may be set elsewhere.",
    toolCalls: [
      { id: "c1", name: "search_text", arguments: { regex: "a = 1", glob: "/people/ada/code/*" } },
      { id: "c2", name: "list_files", arguments: { glob: "" } },
    ],
    generated: { fingerprint: "model", tokens: [1, 2] },
  },
  {
    ...HISTORY,
    id: "result-3",
    role: "tool",
    kind: "toolResult",
    label: "search_text",
    toolCallId: "c1",
    toolName: "search_text",
    text: "src/a.ts:1: let a = 1;",
  },
  {
    ...HISTORY,
    id: "result-4",
    role: "tool",
    kind: "toolResult",
    label: "list_files",
    toolCallId: "c2",
    toolName: "list_files",
    text: "x".repeat(3_000),
  },
  {
    ...HISTORY,
    id: "generated-2",
    role: "assistant",
    kind: "answer",
    text: "It was never changed.",
  },
  {
    ...HISTORY,
    id: "note-5",
    role: "user",
    kind: "note",
    label: "note",
    text: "src/a.ts has changed\nsince it was shown above.",
  },
  {
    ...HISTORY,
    id: "message-6",
    role: "user",
    kind: "message",
    label: "message 2",
    text: "And 🦉?",
  },
  { ...HISTORY, id: "generated-3", role: "assistant", kind: "answer", text: "No." },
];

const opened = openWindow({
  id: "w",
  instructions: "Be brief.",
  guidance: [{ label: "AGENTS.md", text: "Use tabs." }],
  tools: [
    { name: "list_files", description: "Lists.", parameters: { type: "object", properties: {} } },
    { name: "search_text", description: "Searches." },
  ],
  startedOn: "2026-01-31",
  transition: "agentCycle",
});

const window: WindowState = {
  ...opened,
  context: { ...opened.context, segments: [...opened.context.segments, ...SAID] },
  turn: 2,
  nextNumber: 7,
  droppedTurns: 3,
};

/** A session in which a file was shown, tools were called and a file has changed. */
export const session: SavedSession = {
  id: "0b7b4c1e-3f6a-4c1d-9f5e-2a7d8c9e0f12",
  title: "Why is `a` 1?",
  name: null,
  turns: [],
  window,
};
