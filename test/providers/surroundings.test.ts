import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { headlessContext } from "../../cli/agent/headless-context.ts";
import { headlessWindow } from "../../cli/agent/headless-window.ts";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { openAgentWindow } from "../../extension/agent/open-agent-window.ts";
import { toolSet } from "../../extension/agent/tools/tool-set.ts";
import { reprefillReason } from "../../extension/meter/reprefill-reason.ts";
import type { WorkspaceContext } from "../../extension/providers/workspace-context.ts";
import type { ContextWindow } from "../../extension/window/context-window.ts";
import { Meter, type MeterReading } from "../../protocol/meter.ts";
import { startSidecar } from "../support/client.ts";
import { never, type TestWorkspace, testWorkspaces } from "../support/test-workspace.ts";

const newWorkspace = testWorkspaces();
const CODE = `import { Box } from "./types.ts";

export function boxSize(box: Box): number {
  const width = box.width;
  return width * 2;
}
`;
const FILES = {
  "src/box.ts": CODE,
  "src/types.ts": 'export type Box = { "width": number };\n',
  ...Object.fromEntries(
    Array.from({ length: 10 }, (_, index) => [
      `src/other${index}.ts`,
      CODE.replaceAll("boxSize", `other${index}`),
    ]),
  ),
  ".editorconfig": "[*]\nindent_style = space\nindent_size = 2\n",
};

let sidecar: SidecarProcess;
const readings: MeterReading[] = [];
beforeAll(async () => {
  sidecar = await startSidecar("tiny", { windowTokens: 8_000 });
});
afterAll(async () => await sidecar.stop());

type Session = { readonly context: ContextWindow; readonly surroundings: WorkspaceContext };

let sessions = 0;

async function open({ root }: TestWorkspace): Promise<Session> {
  const surroundings = await headlessContext(root, { onMissing: expect.unreachable });
  const rules = [{ label: "AGENTS.md", text: "Be brief." }, ...(await surroundings.stableTexts())];
  const tools = toolSet("minimal");
  const id = `session-${++sessions}`;
  const opening = openAgentWindow({ id, prompt: "minimal", rules, tools, startedOn: "2026-01-31" });
  const { context } = headlessWindow(sidecar, opening, { root, onNotice: expect.unreachable });
  // Of all who want to hear of readings, a connection tells the last one.
  sidecar.onNotification(Meter, (reading) => readings.push(reading));
  return { context, surroundings };
}

async function ask({ context, surroundings }: Session, message: string): Promise<MeterReading> {
  const turn = { message, window: context.state, attachedPaths: [] };
  await context.beginTurn({ message, volatile: await surroundings.volatileTexts(turn) });
  await context.generate({ sampling: { temperature: 0 }, maxTokens: 8, signal: never() });
  return readings.at(-1)!;
}

const labels = ({ prefilled }: MeterReading): string[] =>
  prefilled.map(({ label }) => label).toSorted();

function repository(): TestWorkspace {
  const workspace = newWorkspace(FILES);
  execFileSync("git", ["init", "--initial-branch=work"], { cwd: workspace.root, stdio: "ignore" });
  execFileSync("git", ["add", "."], { cwd: workspace.root, stdio: "ignore" });
  return workspace;
}

describe("what a session is told of its workspace", () => {
  it("stands in its front and behind it, each under its name in the meter", async () => {
    const session = await open(repository());
    const reading = await ask(session, "What does boxSize in src/box.ts do?");
    expect(labels(reading)).toEqual(
      expect.arrayContaining(["Code style", "Git status", "Imports", "Search results"]),
    );
    const { segments } = session.context.state.context;
    expect(segments.map(({ label, kind, stability }) => `${stability}: ${label ?? kind}`)).toEqual([
      "core: Kvasir's instructions",
      "guidance: AGENTS.md",
      "guidance: Code style",
      "guidance: date",
      "volatile: Git status",
      "volatile: Imports",
      "volatile: Search results",
      "history: message 1",
      "history: answer",
    ]);
    const textOf = (label: string): string =>
      segments.find((each) => each.label === label)?.text ?? "";
    expect(textOf("Code style")).toBe(
      "Code style\n\nLayout of typescript: indent with 2 spaces; double quotes; semicolons.",
    );
    expect(textOf("Git status")).toMatch(
      /^Git status, as of now:\nOn branch work\.\nadded: \.editorconfig, src\/box\.ts/u,
    );
    expect(textOf("Imports")).toBe("Imports, as of now:\nsrc/box.ts imports src/types.ts");
    expect(textOf("Search results")).toMatch(
      /^Search results, as of now:\nsrc\/box\.ts:2–6\n```typescript\n/u,
    );
  });

  it("costs nothing where it did not change, and itself where it did", async () => {
    const workspace = repository();
    const session = await open(workspace);
    await ask(session, "What does boxSize do?");
    // The last token of an answer that was cut is no part of its cells, and so the first of the next turn.
    const same = await ask(session, "And why?");
    expect(labels(same)).toEqual(["answer", "message 2"]);
    workspace.write({ "new.ts": "export const added = 1;\n" });
    const changed = await ask(session, "Go on.");
    expect(labels(changed)).toEqual(["Git status", "answer", "message 3"]);
    expect(changed.divergence).toBeNull();
    const status = changed.prefilled.find(({ label }) => label === "Git status");
    expect(changed.usage.prefilledTokens).toBeLessThan(status!.tokens + 60);
    expect(changed.usage.prefilledTokens).toBeLessThan(changed.usage.promptTokens / 3);
  });

  it("is the reason of a re-prefill, by its name, when an old text is taken out", async () => {
    const workspace = repository();
    const session = await open(workspace);
    await ask(session, "What does boxSize do?");
    workspace.write({ "new.ts": "export const added = 1;\n" });
    await ask(session, "Go on.");
    const { folded } = await session.context.settle();
    expect(folded).toBe(true);
    const reading = readings.at(-1)!;
    expect(reading.task).toBe("warm");
    expect(reprefillReason(reading)).toMatch(/^\d+ tokens again because `Git status` /u);
  });

  it("gives two windows of a workspace the same tokens in front", async () => {
    const workspace = repository();
    const first = await open(workspace);
    await ask(first, "Hello");
    const second = await open(workspace);
    const { usage } = await ask(second, "Hello");
    expect(usage.forkedTokens).toBeGreaterThan(0.9 * usage.promptTokens);
  });
});
