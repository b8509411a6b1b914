import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { SessionRow, Totals } from "../../cli/replay/summary.ts";
import { type CliRun, runCli, spawnCli } from "../support/run-cli.ts";

/** The command as it is built, on the tiny model and small sessions: only tokens are counted. */
const folder = mkdtempSync(join(tmpdir(), "kvasir-replay-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Report = {
  readonly bench: string;
  readonly rows: readonly SessionRow[];
  readonly summary: Totals & { readonly policy: string };
};

const HEADER = { source: "test" };
const SYSTEM = { role: "system", content: `You are careful. ${words("rule", 120)}` };
const tool_calls = [
  { id: "c1", type: "function", function: { name: "read", arguments: '{"path":"a/<b>.ts"}' } },
];
const TOOL = {
  type: "function",
  function: { name: "read", description: "Reads a file.", parameters: { type: "object" } },
};

/** Nothing that was said changes. */
const APPENDING = [
  { ...HEADER, tools: [TOOL] },
  SYSTEM,
  { role: "user", content: "Find the bug." },
  { role: "assistant", content: "I read the file.", tool_calls },
  { role: "tool", tool_call_id: "c1", content: words("line", 90) },
  { role: "assistant", content: "\n\nThe loop ends one too early." },
  { role: "user", content: "Thanks. Anything else?" },
  { role: "assistant", content: "No." },
];

/** A long message in the middle is replaced by a short one. */
const REWRITING = [
  HEADER,
  SYSTEM,
  { role: "user", content: words("first", 100) },
  { role: "user", content: words("output", 100) },
  { role: "assistant", content: words("answer", 60) },
  { role: "user", content: words("second", 100) },
  { role: "assistant", content: "Yes." },
  { event: "splice", start: 1, delete: 1, insert: [{ role: "user", content: "(left out)" }] },
  { role: "user", content: "And now?" },
  { role: "assistant", content: "Done." },
];

/** Words that differ, so that no two stretches of a text are alike. */
function words(stem: string, count: number): string {
  return Array.from({ length: count }, (_, index) => `${stem}${index * 7}`).join(" ");
}

function file(name: string, lines: readonly unknown[]): string {
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => JSON.stringify(line)).join("\n"));
  return path;
}

async function replay(...args: readonly string[]): Promise<CliRun> {
  return await runCli(["replay", "--model", "tiny", "--threads", "1", ...args]);
}

async function reportOf(policy: string, ...files: readonly string[]): Promise<Report> {
  const { stdout, stderr, exitCode } = await replay("--policy", policy, "--json", ...files);
  expect(stderr).not.toContain("kvasir:");
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Report;
}

describe("a session that only grows", () => {
  const path = file("appending.jsonl", APPENDING);
  /** The same up to each of its calls: what one more call adds is that call's. */
  const parts = [4, 6, 8].map((end) => file(`appending-${end}.jsonl`, APPENDING.slice(0, end)));

  it("prefills exactly what is new under exact", async () => {
    const one = (await reportOf("exact", parts[0]!)).summary;
    const two = (await reportOf("exact", parts[1]!)).summary;
    const three = (await reportOf("exact", parts[2]!)).summary;
    expect([one.turns, two.turns, three.turns]).toEqual([1, 2, 3]);
    expect(one.prefilledTokens).toBe(one.promptTokens);
    const lastPromptTokens = three.promptTokens - two.promptTokens;
    // All of the last prompt was computed once: as prompt, or as an answer.
    expect(three.prefilledTokens + two.answerTokens).toBe(lastPromptTokens);
    expect(three.alteredAnswers).toBe(0);
  });

  it("prefills everything under naive", async () => {
    const { rows, summary, bench } = await reportOf("naive", path);
    expect(bench).toBe("replay");
    expect(rows).toMatchObject([{ session: "appending", turns: 3, prefixTokens: 0 }]);
    expect(summary).toMatchObject({ policy: "naive", hitRatio: 0, turns: 3 });
    expect(summary.prefilledTokens).toBe(summary.promptTokens);
  });

  it("ends before a prompt that is longer than the limit, and says so", async () => {
    const { summary } = await reportOf("exact", parts[0]!);
    const limit = String(summary.promptTokens);
    const run = await replay("--limit-tokens", limit, "--json", path);
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(/call 2 of 3: the prompt has \d+ tokens and the limit is \d+; /u);
    const { rows } = JSON.parse(run.stdout) as Report;
    expect(rows).toMatchObject([
      { turns: 1, recordedCalls: 3, endedBecause: "promptOverLimit", ...summaryOf(summary) },
    ]);
  });

  it("shows a table without --json", async () => {
    const { stdout } = await replay("--policy", "prefix", path);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^session +turns +prompt +prefix .*hit +first p50 +first p95$/u);
    expect(lines[1]).toMatch(/^appending +3 +\d+/u);
    expect(lines[2]).toMatch(/^all +3 +\d+/u);
  });
});

function summaryOf({ promptTokens, answerTokens }: Totals): Partial<Totals> {
  return { promptTokens, answerTokens };
}

it("prefills less of a rewritten history under splice than under exact", async () => {
  const path = file("rewriting.jsonl", REWRITING);
  const exact = (await reportOf("exact", path)).summary;
  const splice = (await reportOf("splice", path)).summary;
  expect(splice.promptTokens).toBe(exact.promptTokens);
  expect(exact.splicedTokens).toBe(0);
  expect(splice.splicedTokens).toBeGreaterThan(100);
  expect(splice.prefilledTokens).toBe(exact.prefilledTokens - splice.splicedTokens);
  expect(splice.staleTokens).toBeGreaterThan(0);
});

it("shares what two sessions have in common under exact, and has one slot under prefix", async () => {
  const one = file("one.jsonl", [
    HEADER,
    SYSTEM,
    { role: "user", content: words("apple", 40) },
    { role: "assistant", content: "Red." },
  ]);
  const two = file("two.jsonl", [
    HEADER,
    SYSTEM,
    { role: "user", content: words("pear", 40) },
    { role: "assistant", content: "Green." },
  ]);
  const exact = await reportOf("exact", one, two, one);
  const prefix = await reportOf("prefix", one, two, one);
  expect(exact.rows[1]?.forkedTokens).toBeGreaterThan(100);
  expect(prefix.rows.map(({ forkedTokens }) => forkedTokens)).toEqual([0, 0, 0]);
  // The slot holds the second session by now, the sidecar still has the first one beside it.
  expect(exact.rows[2]?.prefilledTokens).toBe(1);
  expect(prefix.rows[2]?.prefilledTokens).toBeGreaterThan(40);
});

it("decodes an answer without its thoughts where the template has no place for them, and counts it", async () => {
  const path = file("thinking.jsonl", [
    HEADER,
    { role: "user", content: "Is it?" },
    { role: "assistant", content: "It is.", reasoning_content: words("thought", 20) },
    { role: "user", content: "Sure?" },
    { role: "assistant", content: "Sure.", reasoning_content: words("doubt", 20) },
  ]);
  const thinking = await replay("--json", "--model", "tiny-reasoning", path);
  const plain = await replay("--json", path);
  const [thought, said] = [thinking, plain].map(({ stdout }) => JSON.parse(stdout) as Report);
  expect(thought?.summary).toMatchObject({ turns: 2, alteredAnswers: 0 });
  expect(said?.summary).toMatchObject({ turns: 2, alteredAnswers: 2 });
  expect(thought?.summary.answerTokens).toBeGreaterThan(80);
  expect(said?.summary.answerTokens).toBeLessThan(20);
});

it("ends a session whose answer has no room in the window", async () => {
  const path = file("long.jsonl", [
    HEADER,
    { role: "user", content: "Count." },
    { role: "assistant", content: "One." },
    { role: "user", content: "On." },
    { role: "assistant", content: words("number", 6000) },
  ]);
  const { exitCode, stdout, stderr } = await replay("--json", path);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("long: call 2 of 2: the window of 8192 tokens has no room");
  expect((JSON.parse(stdout) as Report).rows).toMatchObject([
    { turns: 1, recordedCalls: 2, endedBecause: "noRoomForAnswer" },
  ]);
});

describe("what cannot be replayed", () => {
  it("is told of in one sentence before a model is loaded", async () => {
    const path = file("torn.jsonl", [HEADER, { event: "splice", start: 3, delete: 1, insert: [] }]);
    expect(await replay("--json", path)).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "kvasir: Line 2 of torn.jsonl splices messages 3 to 4 of a list of 0.\n",
    });
  });

  it("may be a file that is not there", async () => {
    expect(await replay("no-such-file.jsonl")).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "kvasir: The file no-such-file.jsonl cannot be read.\n",
    });
  });

  it("may be a policy that does not exist", async () => {
    const { exitCode, stderr } = await replay("--policy", "magic", "no-such-file.jsonl");
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^kvasir: .*'magic' is invalid.*\n$/u);
  });
});

it("ends without a word when interrupted", async () => {
  const path = file("interrupted.jsonl", APPENDING);
  const child = spawnCli(["replay", "--model", "tiny", "--threads", "1", path]);
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    // The first call is done, so the worker and its model are there.
    child.kill("SIGINT");
  });
  const exitCode = await new Promise((resolve) => child.once("close", resolve));
  expect(exitCode).toBe(130);
  expect(stderr).not.toContain("kvasir:");
});
