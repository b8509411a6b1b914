import { execFileSync } from "node:child_process";
import { chmodSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScriptedAnswer } from "../../cli/scripted/script-file.ts";
import { EVERY_COMMAND } from "../../extension/agent/approvals/command-rules.ts";
import { Gate } from "../../extension/agent/approvals/gate.ts";
import type { ToolOutcome } from "../../extension/agent/tools/tool.ts";
import { TEXT_FILE_BYTES_MAX } from "../../extension/edits/text-file.ts";
import { scriptedAgents } from "../support/scripted-agent.ts";
import { ToolBench } from "../support/tool-bench.ts";

let bench: ToolBench;
beforeEach(() => {
  bench = new ToolBench();
});
afterEach(() => bench.forget());

const readAll = (path: string) => ["read_file", { path }] as const;
const edit = (path: string, search: string, replace: string) =>
  ["edit_file", { path, edits: [{ search, replace }] }] as const;
const change = (search: string, replace: string) => ({ search, replace });
const write = (path: string, content = "new\n") => ["write_file", { path, content }] as const;

describe("bad input ends in a clear message, and nothing changes", () => {
  beforeEach(() => {
    bench.write({
      "a.txt": "one\ntwo\ntwo\n",
      "binary.bin": new Uint8Array([0, 1, 2, 3, 0, 255]),
      "read-only.txt": "stay\n",
      "folder/b.txt": "b\n",
      "long.txt": `${"x".repeat(30_000)}\n`,
    });
    chmodSync(join(bench.root, "read-only.txt"), 0o444);
    writeFileSync(join(bench.root, "latin.txt"), Buffer.from("caf\u00e9\n", "latin1"));
    execFileSync("mkfifo", [join(bench.root, "pipe")]);
    writeFileSync(join(bench.outside, "secret.txt"), "secret\n");
    symlinkSync(bench.outside, join(bench.root, "way-out"));
    symlinkSync(join(bench.outside, "new.txt"), join(bench.root, "dangling.txt"));
  });

  it.each([
    [readAll("none.txt"), "There is no file none.txt. list_files shows which there are."],
    [readAll("folder"), "folder is a folder. list_files shows its files."],
    [readAll("binary.bin"), "binary.bin cannot be shown: The file is binary"],
    [readAll("long.txt"), "Line 1 of long.txt is too long to be shown."],
    [readAll("a\0b"), "The path “a�b”"],
    [["read_file", { path: "a.txt", start_line: 9 }], "a.txt has 3 lines, so there is nothing"],
    [["read_file", { path: "output:7" }], "output:7 is not kept any more; run the command again."],
    [readAll("../outside/secret.txt"), "was not read: nobody is there to allow it"],
    [readAll("way-out/secret.txt"), "was not read: nobody is there to allow it"],
    [edit("none.txt", "a", "b"), "There is no file none.txt. write_file creates it."],
    [edit("folder", "a", "b"), "folder is a folder."],
    [edit("binary.bin", "a", "b"), "binary.bin was not changed: The file is binary"],
    [edit("read-only.txt", "stay", "go"), "read-only.txt was not changed: it is read-only."],
    [edit("a.txt", "three", "3"), "a.txt was not changed: "],
    [edit("a.txt", "two", "2"), "a.txt was not changed: "],
    [edit("a.txt", "one", "one"), "a.txt was not changed: "],
    [edit("a.txt", "one", "\uD800"), "a.txt was not changed: The file is encoded as utf8"],
    [edit("way-out/secret.txt", "secret", "told"), "was not changed: nobody is there to allow it"],
    [["edit_file", { path: "a.txt", edits: [] }], "The arguments of edit_file are not valid"],
    [write("../outside/new.txt"), "was not changed: nobody is there to allow it"],
    [write("/etc/kvasir-test"), "was not changed: nobody is there to allow it"],
    [write("way-out/new.txt"), "was not changed: nobody is there to allow it"],
    [write("dangling.txt"), "was not changed: nobody is there to allow it"],
    [write("folder"), "folder is a folder."],
    [write("binary.bin"), "binary.bin was not changed: The file is binary"],
    [write("read-only.txt"), "read-only.txt was not changed: it is read-only."],
    [write(".git/hooks/pre-commit"), ".git/hooks/pre-commit was not changed: nobody is there"],
    [readAll("pipe"), "pipe is no ordinary file."],
    [readAll("~/secret.txt"), "“~”"],
    [readAll("file:///etc/passwd"), "is a URI"],
    [["read_file", { path: 5 }], 'The arguments of read_file are not valid: "path": '],
    [["read_file", {}], 'The arguments of read_file are not valid: "path": '],
    [edit("pipe", "a", "b"), "pipe is no ordinary file."],
    [edit("a.txt", "", "x"), "a.txt was not changed: "],
    [
      edit("latin.txt", "caf\u00e9", "\u{1f98a}"),
      "latin.txt was not changed: The file is encoded as",
    ],
    [
      ["edit_file", { path: "a.txt", edits: [change("one", "1"), change("three", "3")] }],
      "a.txt was not changed: ",
    ],
    [write("a.txt/b.txt"), "a.txt/b.txt was not changed: writing failed"],
    [write("x".repeat(300)), "holds a name longer than 255"],
    [write("../../../../../../../../etc/kvasir-test"), "was not changed: nobody is there"],
    [write("folder/../../outside/new.txt"), "was not changed: nobody is there to allow it"],
    [write(".env"), ".env was not changed: nobody is there to allow it"],
    [["run_command", { command: "rm -rf folder" }], "The command was not run: nobody is there"],
    [["run_command", { command: "echo 'open" }], "The command was not run: nobody is there"],
    [["search_text", { regex: "(", glob: "" }], "regex parse error"],
  ] as const)("%j", async ([tool, given], message) => {
    const before = bench.snapshot();
    const outcome = await bench.run(tool, given);
    expect(outcome.kind).toBe("failed");
    expect(textOf(outcome)).toContain(message);
    expect(bench.snapshot()).toEqual(before);
  });

  it("also for a file that is too large to be held", async () => {
    const path = join(bench.root, "huge.txt");
    writeFileSync(path, "begin");
    truncateSync(path, TEXT_FILE_BYTES_MAX + 1);
    const { mtimeMs } = statSync(path);
    const calls = [readAll("huge.txt"), edit("huge.txt", "begin", "end"), write("huge.txt")];
    for (const [tool, given] of calls) {
      expect(await bench.run(tool, given)).toEqual({
        kind: "failed",
        text: expect.stringContaining("huge.txt is too large: it has 16777217 bytes.") as string,
      });
    }
    expect(statSync(path)).toMatchObject({ mtimeMs, size: TEXT_FILE_BYTES_MAX + 1 });
  });

  it("also where nothing was allowed beforehand", async () => {
    const strict = new ToolBench({});
    strict.write({ "a.txt": "one\n" });
    expect(await strict.run(...edit("a.txt", "one", "1"))).toEqual({
      kind: "failed",
      text: "a.txt was not changed: nobody is there to allow it (the user can, with --yes-edits).",
    });
    expect(await strict.run("run_command", { command: "echo hi" })).toEqual({
      kind: "failed",
      text: "The command was not run: nobody is there to allow it (the user can, with --yes-commands).",
    });
    strict.forget();
  });
});

describe("in a workspace that is not trusted", () => {
  const somebody = { request: async () => ({ kind: "yes", lasts: "always" }) as const };
  const policy = { trusted: false, root: "/", edits: true, writable: ["/"], external: [] };
  const gate = new Gate(somebody, { ...policy, commands: [EVERY_COMMAND] });

  it.each([
    readAll("a.txt"),
    edit("a.txt", "one", "1"),
    write("b.txt"),
    ["list_files", {}],
    ["search_text", { regex: "one" }],
    ["run_command", { command: "ls" }],
    ["diagnostics", {}],
  ] as const)("nothing runs, whatever was allowed: %j", async (tool, given) => {
    const untrusted = new ToolBench({}, { gate });
    untrusted.write({ "a.txt": "one\n" });
    const before = untrusted.snapshot();
    const outcome = await untrusted.run(tool, given);
    expect(outcome.kind).toBe("failed");
    expect(textOf(outcome)).toContain("The workspace is not trusted, so no tool may run in it.");
    expect(untrusted.snapshot()).toEqual(before);
    untrusted.forget();
  });
});

describe("a model that goes astray leaves the workspace as it was", () => {
  const newAgent = scriptedAgents();
  const call = (name: string, given: Record<string, unknown>): ScriptedAnswer => ({
    calls: [{ name, arguments: given }],
  });
  const endless = {
    text: '<tool_call>\n{"name": "write_file", "arguments": {"path": "new',
    open: true,
  } as const;
  const badEdit = call(...edit("a.ts", "nowhere", "here"));

  it.each<[string, ScriptedAnswer[], object]>([
    [
      "by the same bad edit again and again",
      [badEdit, badEdit, badEdit, badEdit],
      { why: "loop", sentence: "The agent repeated the same call of edit_file and was stopped." },
    ],
    [
      "by nothing that can be read",
      [{ text: "<tool_call>}}}" }, { text: "\uFFFD\uFFFD<tool_call>" }, { text: "<tool_call>[1" }],
      {
        why: "garbage",
        sentence: "The model answered 3 times in a row without a call that can be read.",
      },
    ],
    [
      "by asking for what is not there",
      [call(...readAll("none.ts")), call(...edit("none.ts", "a", "b")), { text: "I give up." }],
      { kind: "done", text: "I give up." },
    ],
    [
      "by writing where it may not",
      [
        call(...edit("read-only.txt", "stay", "go")),
        call(...edit("binary.bin", "a", "b")),
        call(...write("../outside.txt")),
        call(...write("/etc/kvasir-test")),
        { text: "I may not." },
      ],
      { kind: "done", text: "I may not." },
    ],
    [
      "by calls whose end never comes",
      [endless, endless, endless],
      {
        why: "garbage",
        sentence: "The model answered 3 times in a row without a call that can be read.",
      },
    ],
  ])("%s", async (_, answers, end) => {
    const agent = newAgent();
    agent.write({
      "a.ts": "one\n",
      "binary.bin": new Uint8Array([0, 1, 2, 3]),
      "read-only.txt": "stay\n",
    });
    chmodSync(join(agent.root, "read-only.txt"), 0o444);
    const before = agent.files();
    const { outcome, segments } = await agent.run("Do it.", answers, {
      yesEdits: true,
      limits: { answerTokensMax: 64, stepsMax: 8 },
    });
    expect(outcome).toMatchObject(end);
    expect(outcome.kind === "ended" ? outcome.sentence : outcome.text).toMatch(/^[A-Z][^\n]+\.$/u);
    expect(agent.files()).toEqual(before);
    // Whatever was called has its result, so the conversation can go on.
    const calls = segments.flatMap((each) =>
      each.role === "assistant" ? (each.toolCalls ?? []) : [],
    );
    const results = segments.flatMap((each) => (each.role === "tool" ? [each.toolCallId] : []));
    expect(results).toEqual(calls.map(({ id }) => id));
    const next = await agent.run("Go on.", [{ text: "Here I am." }]);
    expect(next.outcome).toEqual({ kind: "done", text: "Here I am." });
  });
});

function textOf({ text }: ToolOutcome): string {
  return text;
}
