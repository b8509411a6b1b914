import { describe, expect, it } from "vitest";
import type { Search } from "../agent/ports/search.ts";
import type { Workspace } from "../agent/ports/workspace.ts";
import { openWindow } from "../context/window/open-window.ts";
import { CONTEXT_TOKENS_DEFAULT, type ContextTokens } from "./context-tokens.ts";
import { Lessons } from "./lessons/lessons.ts";
import { edited, ran } from "./lessons/lessons.test-support.ts";
import { WorkspaceContext } from "./workspace-context.ts";

const OFF = Object.fromEntries(
  Object.keys(CONTEXT_TOKENS_DEFAULT).map((name) => [name, 0]),
) as ContextTokens;
const FILES: Readonly<Record<string, string>> = {
  "a.ts": 'import { total } from "./b.ts";\n',
  "b.ts": "export function total() {}\n",
};

const window = openWindow({
  id: "w",
  instructions: "Be brief.",
  guidance: [],
  tools: [],
  startedOn: "2026-01-31",
  transition: "none",
});

/** A workspace in memory that counts how often it is asked for something. */
function surroundings(tokens: ContextTokens): {
  readonly context: WorkspaceContext;
  readonly asked: () => number;
  readonly lessons: () => string | null;
  readonly sentences: readonly string[];
} {
  let asked = 0;
  let file: string | null = null;
  const sentences: string[] = [];
  const workspace: Workspace = {
    root: "/w",
    locate: async (path) => ({ kind: "inside", path, relative: path }),
    read: async (path) => {
      asked++;
      const text = FILES[path];
      if (text === undefined) return { kind: "missing" };
      return { kind: "bytes", bytes: new TextEncoder().encode(text) };
    },
  };
  const search: Search = {
    files: async () => ({ paths: Object.keys(FILES), total: ++asked }),
    text: async () => {
      asked++;
      return { hits: [{ path: "b.ts", line: 1, text: FILES["b.ts"]! }], more: false };
    },
  };
  const context = new WorkspaceContext({
    workspace,
    search,
    tokens: () => tokens,
    readGit: async () => {
      asked++;
      return { branch: "main", upstream: null, ahead: 0, behind: 0, files: [] };
    },
    activePath: () => "a.ts",
    lessons: new Lessons({
      read: async () => file,
      write: async (text) => {
        if (text.includes("full disk")) throw new Error("ENOSPC");
        file = text;
      },
    }),
    later: () => () => undefined,
    onMissing: (sentence) => sentences.push(sentence),
  });
  return { context, asked: () => asked, lessons: () => file, sentences };
}

const turn = { message: "What does `total` do?", window, attachedPaths: [] };
const withTurn = (segments: ReturnType<typeof ran>) => ({
  ...window,
  context: {
    ...window.context,
    segments: [
      { id: "m", role: "user", kind: "message", stability: "recent", text: "Go" } as const,
      ...segments,
    ],
  },
});
const failure = (command: string) =>
  withTurn([...ran(command, 1), ...edited("a.ts"), ...ran(command, 0)]);

describe("what is told of a workspace", () => {
  it("comes from all parts, in one order", async () => {
    const { context, sentences } = surroundings(CONTEXT_TOKENS_DEFAULT);
    expect(await context.volatileTexts(turn)).toEqual([
      { name: "Git status", text: "On branch main." },
      { name: "Imports", text: "a.ts imports b.ts" },
      { name: "Search results", text: "b.ts:1\n```typescript\nexport function total() {}\n```" },
    ]);
    expect(sentences).toEqual([]);
  });

  it("is the same text again for the same state", async () => {
    const { context } = surroundings(CONTEXT_TOKENS_DEFAULT);
    const first = await context.volatileTexts(turn);
    expect(await context.volatileTexts(turn)).toEqual(first);
  });

  it("is nothing where all is switched off, and nothing is looked at", async () => {
    const { context, asked, lessons } = surroundings(OFF);
    expect(await context.stableTexts()).toEqual([]);
    expect(await context.volatileTexts(turn)).toEqual([]);
    await context.learn(failure("make"));
    expect(lessons()).toBeNull();
    expect(asked()).toBe(0);
  });

  it.each(Object.keys(CONTEXT_TOKENS_DEFAULT) as (keyof ContextTokens)[])(
    "lacks just the part that is switched off: %s",
    async (name) => {
      const names: Partial<Record<keyof ContextTokens, string>> = {
        search: "Search results",
        imports: "Imports",
        gitStatus: "Git status",
      };
      const { context } = surroundings({ ...CONTEXT_TOKENS_DEFAULT, [name]: 0 });
      const told = (await context.volatileTexts(turn)).map((text) => text.name);
      const all = ["Git status", "Imports", "Search results"];
      expect(told).toEqual(all.filter((each) => each !== names[name]));
    },
  );

  it("holds what the latest turn has taught, in the next session", async () => {
    const { context } = surroundings(CONTEXT_TOKENS_DEFAULT);
    await context.learn(failure("make"));
    const [lessons] = await context.stableTexts();
    expect(lessons?.label).toBe("Lessons");
    expect(lessons?.text).toContain("`make` failed");
  });

  it("loses lessons that cannot be kept, and nothing else", async () => {
    const { context, sentences } = surroundings(CONTEXT_TOKENS_DEFAULT);
    await context.learn(failure("full disk"));
    expect(sentences).toEqual(["The lessons of this turn were not kept: Error: ENOSPC"]);
  });
});
