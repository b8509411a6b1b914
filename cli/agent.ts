import type { Command } from "commander";
import { Agent } from "../extension/agent/agent.ts";
import { AGENT_LIMITS_DEFAULT } from "../extension/agent/agent-limits.ts";
import type { AgentOutcome } from "../extension/agent/agent-outcome.ts";
import { openAgentWindow } from "../extension/agent/open-agent-window.ts";
import { sessionRules } from "../extension/agent/rules/session-rules.ts";
import { toolSet } from "../extension/agent/tools/tool-set.ts";
import type { WorkspaceContext } from "../extension/providers/workspace-context.ts";
import { LoadModel } from "../protocol/model.ts";
import { AgentReport } from "./agent/agent-report.ts";
import { headlessContext } from "./agent/headless-context.ts";
import { dataFolder } from "./agent/data-folder.ts";
import { headlessHost } from "./agent/headless-host.ts";
import { headlessWindow } from "./agent/headless-window.ts";
import { KeptTurn } from "./agent/kept-turn.ts";
import { StepPrinter } from "./agent/step-printer.ts";
import { TurnFolders } from "./agent/turn-folders.ts";
import { workFolder } from "./agent/work-folder.ts";
import { today } from "../extension/window/today.ts";
import { chooseModel } from "./choose-model.ts";
import { UsageError } from "./failures.ts";
import type { Interrupts } from "./interrupts.ts";
import { numberBetween, wholeNumber } from "./numbers.ts";
import type { SidecarOptions } from "./sidecar-process.ts";
import { withSidecar } from "./with-sidecar.ts";

/** The agent ended before the model said that the task is done. */
const EXIT_UNDONE = 3;

type Options = {
  readonly workspace?: string;
  readonly model?: string;
  readonly window?: number;
  readonly threads?: number;
  readonly temperature?: number;
  readonly seed?: number;
  readonly steps?: number;
  readonly minimal?: true;
  readonly context: boolean;
  readonly lessons?: string;
  readonly yesEdits?: true;
  readonly yesCommands?: true;
  readonly store: boolean;
  readonly json?: true;
};

/** @param sidecar another program that runs the model, or its environment. */
export function addAgentCommand(
  program: Command,
  interrupts: Interrupts,
  sidecar: SidecarOptions = {},
): void {
  program
    .command("agent")
    .description("Works on a task in a folder: reads, searches, edits and runs commands.")
    .argument("<task>", "what is to be done")
    .option("--workspace <folder>", "the folder to work in; by default the present one")
    .option("--model <path>", "the model file; KVASIR_MODEL names it otherwise")
    .option("--yes-edits", "change files of the folder without asking")
    .option("--yes-commands", "run commands without asking, except dangerous ones")
    .option("--minimal", "three tools and a short prompt, for very small models")
    .option("--no-context", "tell the model nothing of the folder but its rules")
    .option("--lessons <file>", "a Markdown file of lessons from failures: read, and added to")
    .option("--steps <number>", "answers of the model at most", wholeNumber(1))
    .option("--window <tokens>", "tokens of prompt and answer together", wholeNumber(1))
    .option("--threads <number>", "threads; by default one per core", wholeNumber(1))
    .option("--temperature <number>", "0 always takes the likeliest token", numberBetween(0, 5))
    .option("--seed <number>", "makes random choices repeatable", wholeNumber(0))
    .option("--no-store", "neither reads prompts from disk nor keeps them there")
    .option("--json", "print what was done as JSON")
    .action(async (task: string, options: Options) => {
      process.exitCode = await runAgent(task, options, { interrupts, sidecar });
    });
}

async function runAgent(
  task: string,
  options: Options,
  { interrupts, sidecar }: { readonly interrupts: Interrupts; readonly sidecar: SidecarOptions },
): Promise<number> {
  if (task.trim() === "") throw new UsageError("The task is empty.");
  const { signal } = interrupts;
  const root = await workFolder(options.workspace);
  const { path } = await chooseModel(options.model, { environment: process.env });
  const { window: windowTokens, threads } = options;
  const config = {
    path,
    ...(windowTokens === undefined ? {} : { windowTokens }),
    ...(threads === undefined ? {} : { threads }),
  };
  return await withSidecar(
    config,
    async (connection) => {
      const model = await connection.requestBare(LoadModel, signal);
      const kind = options.minimal === true ? "minimal" : "full";
      const tools = toolSet(kind);
      const report = new AgentReport();
      const printer = new StepPrinter(process.stderr);
      const kept = new KeptTurn(new TurnFolders(dataFolder(), root));
      const parts = await headlessHost(root, {
        ...options,
        watch: (edits, workspace) => kept.watch(edits, workspace),
        onChanged: (file) => report.changed(file),
      });
      const { rules, sentences } = await sessionRules(parts.workspace, {
        userText: "",
        folder: "",
      });
      for (const sentence of sentences) printer.say(sentence);
      const onNotice = (sentence: string): void => printer.say(sentence);
      const surroundings = await surroundingsOf(root, options, onNotice);
      const stable = (await surroundings?.stableTexts()) ?? [];
      const opening = openAgentWindow({
        id: "agent",
        prompt: kind,
        rules: [...rules, ...stable],
        tools,
        startedOn: today(),
      });
      const { window, context } = headlessWindow(connection, opening, {
        root,
        onNotice,
        ...(surroundings === null ? {} : { surroundings }),
      });
      const agent = new Agent({
        window,
        tools,
        host: { ...parts, window },
        limits: {
          ...AGENT_LIMITS_DEFAULT,
          stepsMax: options.steps ?? AGENT_LIMITS_DEFAULT.stepsMax,
        },
        sampling: samplingOf(options),
        onEvent: (event) => {
          report.add(event);
          printer.show(event);
        },
      });
      const outcome = await agent.run(task, signal);
      await surroundings?.learn(context.state);
      await kept.end();
      if (report.hasChanges) printer.say("kvasir undo takes the changes of files back.");
      printer.end(outcome);
      if (options.json === true) console.log(JSON.stringify(report.finished(outcome, model)));
      else if (outcome.kind === "done") console.log(outcome.text);
      return exitCodeOf(outcome);
    },
    { ...sidecar, store: options.store ? {} : null },
  );
}

/** A very small model does better with a short prompt. */
async function surroundingsOf(
  root: string,
  { context, minimal, lessons }: Options,
  onMissing: (sentence: string) => void,
): Promise<WorkspaceContext | null> {
  if (!context || minimal === true) return null;
  return await headlessContext(root, { ...(lessons === undefined ? {} : { lessons }), onMissing });
}

function samplingOf({ temperature, seed }: Options): { temperature?: number; seed?: number } {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function exitCodeOf(outcome: AgentOutcome): number {
  if (outcome.kind === "done") return 0;
  return outcome.why === "model" ? 1 : EXIT_UNDONE;
}
