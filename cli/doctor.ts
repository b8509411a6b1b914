import { arch, availableParallelism, cpus, release, totalmem, type } from "node:os";
import type { Command } from "commander";
import { cellReuseSentence } from "../extension/meter/cell-reuse-sentence.ts";
import { InspectMachine, type MachineFacts } from "../protocol/machine.ts";
import { LoadModel, type ModelFacts } from "../protocol/model.ts";
import { chooseModel } from "./choose-model.ts";
import { gigabytes } from "./figures.ts";
import type { Interrupts } from "./interrupts.ts";
import { SIDECAR_THREADPOOL_SIZE } from "./sidecar-process.ts";
import { withSidecar } from "./with-sidecar.ts";

type Options = { readonly model?: string; readonly json?: true };

type Machine = MachineFacts & {
  readonly node: string;
  readonly system: string;
  readonly cpu: string;
  readonly logicalCores: number;
  readonly memoryBytes: number;
  /** What the sidecar is started with, whatever this process has. */
  readonly sidecarThreadpoolSize: string;
};

export function addDoctorCommand(program: Command, interrupts: Interrupts): void {
  program
    .command("doctor")
    .description("Shows what this machine offers and how a model would run on it.")
    .option("--model <path>", "a model file to load; KVASIR_MODEL names it otherwise")
    .option("--json", "print everything as JSON")
    .action((options: Options) => doctor(options, interrupts));
}

async function doctor(options: Options, { signal }: Interrupts): Promise<void> {
  const given = options.model ?? process.env["KVASIR_MODEL"];
  const path = given ? (await chooseModel(given, { environment: process.env })).path : null;
  const [machine, model] = await withSidecar({ path }, async (sidecar) => [
    describeMachine(await sidecar.requestBare(InspectMachine, signal)),
    path === null ? null : await sidecar.requestBare(LoadModel, signal),
  ]);
  if (options.json) console.log(JSON.stringify({ machine, model }));
  else console.log([...machineLines(machine), ...modelLines(model)].join("\n"));
}

function describeMachine(found: MachineFacts): Machine {
  return {
    ...found,
    node: process.versions.node,
    system: `${type()} ${release()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    logicalCores: availableParallelism(),
    memoryBytes: totalmem(),
    sidecarThreadpoolSize: SIDECAR_THREADPOOL_SIZE,
  };
}

function machineLines(machine: Machine): string[] {
  const { node, system, cpu, physicalCores, logicalCores, memoryBytes } = machine;
  const { gpuBackends, gpuDevices, gpuMemoryBytes } = machine;
  return [
    line("Node", node),
    line("System", system),
    line("CPU", `${cpu}, ${physicalCores} cores used of ${logicalCores} logical ones`),
    line("Memory", `${gigabytes(memoryBytes)}, ${gigabytes(machine.usableMemoryBytes)} usable`),
    line("Backends", ["CPU", ...gpuBackends].join(", ")),
    ...(gpuDevices.length === 0
      ? []
      : [line("GPU", `${gpuDevices.join(", ")}, ${gigabytes(gpuMemoryBytes)}`)]),
    line("Sidecar", `UV_THREADPOOL_SIZE=${machine.sidecarThreadpoolSize}`),
  ];
}

function modelLines(model: ModelFacts | null): string[] {
  if (model === null) {
    return [
      line("Model", "none given; with --model, its window, threads and layers are shown too"),
    ];
  }
  const { name, architecture, parameters, bytes, trainedTokens } = model;
  return [
    line("Model", `${name}, ${architecture}, ${millions(parameters)} parameters`),
    line("File", `${model.path}, ${gigabytes(bytes)}`),
    line("Window", `${model.windowTokens} of ${trainedTokens} trained tokens`),
    line("KV cache", `${model.cellsTokens} cells of ${model.cacheType}`),
    line("Edits", cellReuseSentence(model.cellReuse)),
    line("Threads", String(model.threads)),
    line("On GPU", model.gpu === null ? "nothing" : `${model.gpuLayers} layers, ${model.gpu}`),
  ];
}

function line(label: string, text: string): string {
  return `${label.padEnd(10)}${text}`;
}

function millions(parameters: number): string {
  return `${(parameters / 1e6).toFixed(1)} million`;
}
