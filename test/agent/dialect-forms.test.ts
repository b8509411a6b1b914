import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { brokenCall } from "../../extension/agent/loop/broken-call.ts";
import { runCalls, stoppedResults } from "../../extension/agent/loop/run-calls.ts";
import { Repeats } from "../../extension/agent/loop/repeats.ts";
import type { CallResult } from "../../extension/agent/ports/agent-window.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";
import { applyCompaction } from "../../extension/context/compact/apply-compaction.ts";
import type { CompactionStep } from "../../extension/context/compact/plan-compaction.ts";
import { append } from "../../extension/context/change.ts";
import { erratumText } from "../../extension/context/living/erratum-text.ts";
import { type FileView, textOfView } from "../../extension/context/living/file-view.ts";
import { openWindow } from "../../extension/context/window/open-window.ts";
import type { WindowState } from "../../extension/context/window/window-state.ts";
import type { Segment } from "../../protocol/segment.ts";
import { answer, call, rendered, result } from "../support/dialect.ts";
import { ToolBench } from "../support/tool-bench.ts";

/** What the model is told beside a conversation itself. Frozen as the rest of the dialect is. */
function listed(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([name, text]) => `=== ${name} ===\n${text}\n`)
    .join("\n");
}

const LINES = Array.from({ length: 9 }, (_, index) => `line ${index + 1}\n`).join("");

function view(text: string, more: Partial<FileView> = {}): FileView {
  const content = { kind: "text", text } as const;
  return { label: "src/a.ts", language: "typescript", content, lines: null, ...more };
}

it("errata keep their form", async () => {
  const gone = { content: { kind: "missing", reason: "it was deleted" } } as const;
  const lines = { start: 2, end: 6 };
  const forms = {
    "a changed line": erratumText(view(LINES), view(LINES.replace("line 4", "fourth"))),
    "added lines": erratumText(view(LINES), view(`${LINES}line 10\nline 11\n`)),
    "removed lines": erratumText(view(LINES), view(LINES.replace("line 4\nline 5\n", ""))),
    "changes far apart": erratumText(
      view(LINES),
      view(LINES.replace("line 1", "first").replace("line 9", "last")),
    ),
    "some lines of a file": erratumText(
      view(LINES, { lines }),
      view(LINES.replace("line 4", "fourth"), { lines }),
    ),
    "a renamed file": erratumText(view(LINES), view(LINES, { label: "src/b.ts" })),
    "a file that is gone": erratumText(view(LINES), view("", gone)),
    "a file that is back": erratumText(view("", gone), view("line 1\n")),
    "a file that cannot be shown": textOfView(view("", gone)),
  };
  await expect(listed(forms)).toMatchFileSnapshot("golden/errata.txt");
});

describe("what is left out to make room", () => {
  const read = call("c1", "read_file", { path: "src/a.ts", start_line: 1, end_line: 0 });
  const user = (id: string, text: string, kind: "message" | "file" = "message"): Segment => ({
    id,
    kind,
    stability: "history",
    role: "user",
    text,
    ...(kind === "file" ? { label: "src/b.ts" } : {}),
  });
  const window = openWindow({
    id: "w",
    instructions: "You are Kvasir.",
    guidance: [],
    tools: [],
    startedOn: "2026-01-31",
    transition: "agentCycle",
  });
  const segments: Segment[] = [
    user("q1", "What is in it?"),
    answer("a1", "Lines."),
    user("f", "src/b.ts\n```typescript\nlong\n```\n", "file"),
    user("q2", "And in the other?"),
    answer("a2", "", [read]),
    result("r", read, "src/a.ts\n```typescript\nlong\n```\n"),
    { ...answer("a3", "Lines as well."), reasoning: "Let me see." },
  ];
  const full: WindowState = { ...window, context: append(window.context, segments) };
  const step = (kind: CompactionStep["kind"], ...ids: string[]): CompactionStep => ({
    kind,
    ids,
    freedTokens: 1,
  });

  function compacted(steps: CompactionStep[], summary: string | null): string {
    const turns = steps.some(({ kind }) => kind === "turns") ? 1 : 0;
    const compaction = { steps, turns, freedTokens: 1, reprefillTokens: 1 };
    return rendered("thoughts", applyCompaction(full, compaction, summary).context.segments);
  }

  it("keeps its sentences", async () => {
    const mild = [step("reasoning", "a3"), step("toolOutputs", "r")];
    const turns = step("turns", "q1", "a1");
    const forms = {
      nothing: rendered("thoughts", full.context.segments),
      "thoughts and an output": compacted(mild, null),
      "a turn, without a summary": compacted([turns], null),
      "a turn, with a summary": compacted([turns], "The user asked what is in a file."),
      "a file": compacted([step("files", "f")], null),
    };
    await expect(listed(forms)).toMatchFileSnapshot("golden/compaction.txt");
  });
});

describe("results", () => {
  let bench: ToolBench;
  beforeEach(() => {
    bench = new ToolBench({ yesEdits: true, yesCommands: true });
    bench.write({
      "AGENTS.md": "Root.\n",
      "src/AGENTS.md": "Use tabs.\n",
      "src/a.ts": "export const size = 3;\nexport const name = 'a';\n",
    });
  });
  afterEach(() => bench.forget());

  const size = (search: string, replace: string) => ({
    path: "src/a.ts",
    edits: [{ search, replace }],
  });

  it("keep their form", async () => {
    const calls: Readonly<Record<string, readonly [string, Record<string, unknown>]>> = {
      "lines of a file": ["read_file", { path: "src/a.ts", start_line: 2, end_line: 2 }],
      "lines that stand above": ["read_file", { path: "src/a.ts", start_line: 2, end_line: 2 }],
      "a missing file": ["read_file", { path: "none.ts" }],
      files: ["list_files", { glob: "" }],
      "no files": ["list_files", { glob: "*.py" }],
      hits: ["search_text", { regex: "export", glob: "" }],
      "no hits": ["search_text", { regex: "import", glob: "" }],
      edit: ["edit_file", size("size = 3", "size = 4")],
      "a near match": ["edit_file", size("export const nam = 'a';", "export const name = 'b';")],
      "no match": ["edit_file", size("import { everything }", "")],
      "two matches": ["edit_file", size("export const", "const")],
      "a new file": ["write_file", { path: "b.ts", content: "b\n" }],
      "a replaced file": ["write_file", { path: "b.ts", content: "c\n" }],
      command: ["run_command", { command: "echo out; exit 3" }],
      "a long output": ["run_command", { command: "seq 200" }],
      "the rest of it": ["read_file", { path: "output:1", start_line: 31, end_line: 32 }],
      "a time limit": ["run_command", { command: "sleep 60", seconds: 1 }],
      "what is not allowed": ["run_command", { command: "rm -rf src" }],
      problems: ["diagnostics", { path: "" }],
      "an unanswered question": ["ask_user", { question: "Which?", options: [] }],
      "the end": ["finish", { summary: "Done." }],
      "wrong arguments": ["read_file", { path: 1 }],
    };
    const forms: Record<string, string> = {};
    for (const [name, [tool, given]] of Object.entries(calls)) {
      const results: CallResult[] = [];
      await runCalls([call("c", tool, given)], {
        tools: toolSet("full"),
        host: await bench.host(),
        repeats: new Repeats(),
        signal: new AbortController().signal,
        onEvent: () => undefined,
        onResults: (some) => results.push(...some),
      });
      const [{ text, file, note }] = results as [CallResult];
      if (file !== undefined) bench.shown.push(file);
      forms[name] = [text, ...(note === undefined ? [] : [`--- note ---\n${note}`])].join("\n");
    }
    await expect(listed(forms)).toMatchFileSnapshot("golden/results.txt");
  });

  it("keep the form of what the program says itself", async () => {
    const again = call("c", "list_files", { glob: "" });
    const results: CallResult[] = [];
    await runCalls([again, again, again, call("d", "none", {})], {
      tools: toolSet("minimal").concat(toolSet("full").slice(1, 2)),
      host: await bench.host(),
      repeats: new Repeats(),
      signal: new AbortController().signal,
      onEvent: () => undefined,
      onResults: (some) => results.push(...some),
    });
    const names = toolSet("minimal").map(({ schema }) => schema.name);
    const forms = {
      "the same call again": results[2]!.text,
      "an unknown tool": results[3]!.text,
      "a stopped call": stoppedResults([again])[0]!.text,
      "a call that cannot be read": brokenCall("<tool_call>{", names)!,
      "a call of an unknown tool that cannot be read": brokenCall(
        '<tool_call>{"name": "none"',
        names,
      )!,
    };
    await expect(listed(forms)).toMatchFileSnapshot("golden/notes.txt");
  });
});
