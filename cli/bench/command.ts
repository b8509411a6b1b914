import type { Command } from "commander";
import type { Interrupts } from "../interrupts.ts";
import { addDecodeBench } from "./decode.ts";
import { addKvBenches } from "./kv-benches.ts";
import { addRestartBench } from "./restart/command.ts";
import { addLanesBench } from "./lanes.ts";
import { addWarmBench } from "./warm.ts";

export function addBenchCommand(program: Command, interrupts: Interrupts): void {
  const bench = program
    .command("bench")
    .description("Measures on this machine; every figure is one that can be measured again.")
    .helpCommand(false);
  addDecodeBench(bench, interrupts);
  addKvBenches(bench, interrupts);
  addRestartBench(bench, interrupts);
  addLanesBench(bench, interrupts);
  addWarmBench(bench, interrupts);
}
