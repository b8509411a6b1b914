import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { rgPath } from "@vscode/ripgrep";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RipgrepSearch } from "../../extension/agent/node/node-ripgrep.ts";
import type { ToolOutcome } from "../../extension/agent/tools/tool.ts";
import { ToolBench } from "../support/tool-bench.ts";

let bench: ToolBench;
beforeEach(() => {
  bench = new ToolBench();
});
afterEach(() => bench.forget());

const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join("");

const readAll = (path: string) => ["read_file", { path }] as const;
const edit = (path: string, search: string, replace: string) =>
  ["edit_file", { path, edits: [{ search, replace }] }] as const;
const write = (path: string, content = "new\n") => ["write_file", { path, content }] as const;

describe("read_file", () => {
  it("shows the lines that were asked for", async () => {
    bench.write({ "a.txt": lines(10) });
    const outcome = await bench.run("read_file", { path: "./a.txt", start_line: 3, end_line: 4 });
    expect(outcome).toMatchObject({
      text: "",
      file: { name: "a.txt", lines: { start: 3, end: 4 } },
    });
  });

  it("says what did not fit", async () => {
    bench.write({ "a.txt": lines(1_000) });
    expect(await bench.run(...readAll("a.txt"))).toMatchObject({
      text: "These are the first of 1000 lines that fit; ask for the others.",
      file: { lines: { start: 1, end: 400 } },
    });
  });

  it("does not show again what stands in the window as it is", async () => {
    bench.write({ "a.txt": lines(2) });
    await bench.run(...readAll("a.txt"));
    expect(await bench.run(...readAll("a.txt"))).toEqual({
      kind: "done",
      text: "a.txt stands above as it is now.",
    });
    bench.write({ "a.txt": lines(3) });
    expect(await bench.run(...readAll("a.txt"))).toMatchObject({ file: { lines: null } });
  });

  it("tells the rules of a folder with the first of its files", async () => {
    bench.write({
      "AGENTS.md": "Root.\n",
      "p/AGENTS.md": "Use tabs.\n",
      "p/q/a.txt": "a\n",
      "p/b.txt": "b\n",
    });
    expect(await bench.run(...readAll("p/q/a.txt"))).toMatchObject({
      note: "p/AGENTS.md holds for the files of its folder:\nUse tabs.",
    });
    expect(await bench.run(...readAll("p/b.txt"))).not.toHaveProperty("note");
  });

  it("tells the rules of a folder when an earlier call about its files has failed", async () => {
    bench.write({ "p/AGENTS.md": "Use tabs.\n", "p/a.txt": "a\n" });
    const failing = [readAll("p/none.txt"), edit("p/a.txt", "none", "b")] as const;
    for (const [tool, given] of failing) {
      expect(await bench.run(tool, given)).toMatchObject({ kind: "failed" });
    }
    expect(await bench.run(...edit("p/a.txt", "a", "b"))).toMatchObject({
      note: "p/AGENTS.md holds for the files of its folder:\nUse tabs.",
    });
  });

  it("shows what stands before a line that is too long, and says so of that line alone", async () => {
    bench.write({ "min.js": `// header\n${"x".repeat(30_000)}` });
    expect(await bench.run(...readAll("min.js"))).toMatchObject({
      kind: "done",
      text: "These are the first of 2 lines that fit; ask for the others.",
      file: { lines: { start: 1, end: 1 } },
    });
    expect(await bench.run("read_file", { path: "min.js", start_line: 2 })).toEqual({
      kind: "failed",
      text: "Line 2 of min.js is too long to be shown.",
    });
  });
});

describe("edit_file", () => {
  it("keeps line ends, byte order mark and everything it was not asked to change", async () => {
    bench.write({ "a.txt": "\uFEFFone\r\ntwo  \r\nthree" });
    const outcome = await bench.run(...edit("a.txt", "two", "2"));
    expect(outcome).toMatchObject({
      text: "a.txt is changed.\nLines 1–3 now read:\n```txt\none\n2  \nthree\n```",
    });
    expect(bench.snapshot()).toEqual({
      "workspace/a.txt": Buffer.from("\uFEFFone\r\n2  \r\nthree").toString("base64"),
    });
  });

  it("answers shortly where the lines are long", async () => {
    bench.write({ "a.min.js": `// header\n${"x".repeat(200_000)}\n` });
    expect(await bench.run(...edit("a.min.js", "header", "head"))).toMatchObject({
      text: "a.min.js is changed.\nLine 1 now reads:\n```javascript\n// head\n```",
    });
    expect(await bench.run(...edit("a.min.js", "// head\nxxx", "// head\nyyy"))).toMatchObject({
      text: "a.min.js is changed.\nLines 1–2 now read as you wrote them.",
    });
  });

  it("goes together with what somebody else changes meanwhile", async () => {
    bench.write({ "a.txt": lines(20) });
    const { workspace, edits } = await bench.host();
    const path = join(bench.root, "a.txt");
    const read = await workspace.read(path);
    if (read.kind !== "bytes") throw new Error("There is a file.");
    const after = Buffer.from(lines(20).replace("line 2\n", "second\n"));
    bench.write({ "a.txt": lines(20).replace("line 19", "nineteenth") });
    expect(await edits.apply([{ path, before: read.bytes, after }])).toEqual({ kind: "applied" });
    const merged = lines(20).replace("line 2\n", "second\n").replace("line 19", "nineteenth");
    expect(bench.snapshot()["workspace/a.txt"]).toBe(Buffer.from(merged).toString("base64"));
  });

  it("is refused where somebody else changed the same lines meanwhile, and so is the whole step", async () => {
    bench.write({ "a.txt": lines(3), "b.txt": "b\n" });
    const { edits } = await bench.host();
    const before = Buffer.from(lines(3));
    const after = Buffer.from(lines(3).replace("line 2", "second"));
    bench.write({ "a.txt": lines(3).replace("line 2", "zwei") });
    const snapshot = bench.snapshot();
    const step = [
      { path: join(bench.root, "b.txt"), before: Buffer.from("b\n"), after: Buffer.from("B\n") },
      { path: join(bench.root, "a.txt"), before, after },
    ];
    const end = await edits.apply(step);
    expect(end.kind === "refused" ? end.sentence : "").toMatch(
      /changed meanwhile in the same lines: at line 2 .+ Read it again\.$/u,
    );
    expect(bench.snapshot()).toEqual(snapshot);
  });

  it("puts back what a step has written when a later file cannot be written", async () => {
    bench.write({ "a.txt": "a\n", file: "no folder\n" });
    const { edits } = await bench.host();
    const snapshot = bench.snapshot();
    const step = [
      { path: join(bench.root, "a.txt"), before: Buffer.from("a\n"), after: Buffer.from("A\n") },
      { path: join(bench.root, "file/b.txt"), before: null, after: Buffer.from("b\n") },
    ];
    expect(await edits.apply(step)).toEqual({
      kind: "refused",
      sentence: "writing failed: a file stands where a folder is needed.",
    });
    expect(bench.snapshot()).toEqual(snapshot);
  });

  it("names what a step has written and could not put back", async () => {
    bench.write({ a: "a\n", b: "b\n", file: "no folder\n" });
    const { edits } = await bench.host();
    const snapshot = bench.snapshot();
    // The folder that takes the place of `a` is left, so the file cannot come back.
    const step = [
      { path: join(bench.root, "b"), before: Buffer.from("b\n"), after: Buffer.from("B\n") },
      { path: join(bench.root, "a"), before: Buffer.from("a\n"), after: null },
      { path: join(bench.root, "a/c.txt"), before: null, after: Buffer.from("c\n") },
      { path: join(bench.root, "file/d.txt"), before: null, after: Buffer.from("d\n") },
    ];
    expect(await edits.apply(step)).toEqual({
      kind: "refused",
      sentence:
        "writing failed: a file stands where a folder is needed. " +
        `These could not be put back: ${join(bench.root, "a")}.`,
    });
    const { "workspace/a": _, ...others } = snapshot;
    expect(bench.snapshot()).toEqual(others);
  });
});

describe("write_file", () => {
  it("creates a file with its folders", async () => {
    expect(await bench.run(...write("p/q/a.txt"))).toMatchObject({ text: "p/q/a.txt is created." });
    expect(Object.keys(bench.snapshot())).toEqual(["workspace/p/q/a.txt"]);
  });

  it("replaces a file and keeps its line ends and its permissions", async () => {
    bench.write({ "a.sh": "one\r\ntwo\r\n" });
    chmodSync(join(bench.root, "a.sh"), 0o775);
    expect(await bench.run(...write("a.sh", "1\n2\n"))).toMatchObject({
      text: "a.sh is replaced.",
    });
    expect(bench.snapshot()["workspace/a.sh"]).toBe(Buffer.from("1\r\n2\r\n").toString("base64"));
    expect(
      await bench.run("run_command", { command: "stat -c %a a.sh || stat -f %Lp a.sh" }),
    ).toMatchObject({
      text: "Exit code 0.\n775",
    });
  });
});

describe("list_files and search_text", () => {
  beforeEach(() => {
    bench.write({
      ".gitignore": "out/\n*.log\n",
      ".github/ci.yml": "run: size\n",
      ".git/config": "size\n",
      "src/b.ts": "let size;\nlet other;\nlet Size;\n",
      "src/a.ts": "size(1)\n",
      "out/c.ts": "size\n",
      "a.log": "size\n",
      "binary.bin": new Uint8Array([115, 105, 122, 101, 0, 1]),
    });
  });

  it.each([
    ["", ".github/ci.yml\n.gitignore\nbinary.bin\nsrc/a.ts\nsrc/b.ts"],
    ["src", "src/a.ts\nsrc/b.ts"],
    ["./src/", "src/a.ts\nsrc/b.ts"],
    ["*.ts", "src/a.ts\nsrc/b.ts"],
    ["**/*.{ts,yml}", ".github/ci.yml\nsrc/a.ts\nsrc/b.ts"],
    ["out/**", "No file matches."],
  ])("leave out what Git ignores: %j", async (glob, text) => {
    expect(await bench.run("list_files", { glob })).toMatchObject({ kind: "done", text });
  });

  it("find lines in order, with their places", async () => {
    expect(await bench.run("search_text", { regex: "size", glob: "" })).toMatchObject({
      text: ".github/ci.yml:1: run: size\nsrc/a.ts:1: size(1)\nsrc/b.ts:1: let size;",
    });
    expect(await bench.run("search_text", { regex: "(?i)SIZE;", glob: "src/b*" })).toMatchObject({
      text: "src/b.ts:1: let size;\nsrc/b.ts:3: let Size;",
    });
    expect(await bench.run("search_text", { regex: "-x", glob: "" })).toMatchObject({
      text: "No line matches.",
    });
  });

  it("show nothing of files that usually hold secrets", async () => {
    bench.write({ ".env": "size=hidden\n", "src/.ssh/id_rsa": "size hidden\n" });
    const text = textOf(await bench.run("search_text", { regex: "size|hidden", glob: "" }));
    expect(text).toContain("src/b.ts:1: let size;");
    expect(text).toContain("(lines of files that usually hold secrets are left out;");
    expect(text).not.toContain("hidden");
  });

  it("say where the folder is gone, or the program", async () => {
    const signal = new AbortController().signal;
    const gone = join(bench.root, "gone");
    expect(await new RipgrepSearch(rgPath, gone).files("", { max: 9, signal })).toEqual({
      kind: "refused",
      sentence: `There is no folder ${gone}.`,
    });
    const program = join(bench.root, "rg");
    expect(await new RipgrepSearch(program, bench.root).files("", { max: 9, signal })).toEqual({
      kind: "refused",
      sentence: "The search program ripgrep (rg) was not found.",
    });
  });

  it("say that there is more than they show", async () => {
    bench.write({
      "many.txt": lines(90),
      ...Object.fromEntries(Array.from({ length: 250 }, (_, n) => [`n/${n}`, ""])),
    });
    const files = await bench.run("list_files", { glob: "n" });
    expect(textOf(files)).toContain("(50 more; use a narrower glob)");
    const hits = await bench.run("search_text", { regex: "line", glob: "" });
    expect(textOf(hits)).toMatch(/60: line 60\n\(there are more;/u);
  });
});

describe("the others", () => {
  it("say where nobody can help", async () => {
    mkdirSync(join(bench.root, "p"));
    expect(await bench.run("diagnostics", {})).toMatchObject({
      text: "No editor looks for problems here; run the project's own checks.",
    });
    expect(await bench.run("ask_user", { question: "Which?" })).toMatchObject({
      text: "Nobody answered. Go on with what seems best and say what you assumed.",
    });
  });
});

function textOf({ text }: ToolOutcome): string {
  return text;
}
