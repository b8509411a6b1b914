import { chmodSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EVERY_COMMAND } from "../../extension/agent/approvals/command-rules.ts";
import { Gate } from "../../extension/agent/approvals/gate.ts";
import type { ToolOutcome } from "../../extension/agent/tools/tool.ts";
import { ToolBench } from "../support/tool-bench.ts";

let bench: ToolBench;
beforeEach(() => {
  bench = new ToolBench();
});
afterEach(() => bench.forget());

const readAll = (path: string) => ["read_file", { path }] as const;
const edit = (path: string, search: string, replace: string) =>
  ["edit_file", { path, edits: [{ search, replace }] }] as const;
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

function textOf({ text }: ToolOutcome): string {
  return text;
}
