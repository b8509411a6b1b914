import type { Command } from "commander";
import type { Interrupts } from "../interrupts.ts";
import { addAgentBench } from "./agent/command.ts";
import { addDecodeBench } from "./decode.ts";
import { addKvBenches } from "./kv-benches.ts";
import { addRestartBench } from "./restart/command.ts";
import { addLanesBench } from "./lanes.ts";
import { addWarmBench } from "./warm.ts";
import { addLayoutBench } from "./layout/command.ts";
import { addSyncBench } from "./sync/command.ts";

export function addBenchCommand(program: Command, interrupts: Interrupts): void {
  const bench = program
    .command("bench")
    .description("Measures on this machine; every figure is one that can be measured again.")
    .helpCommand(false);
  addAgentBench(bench, interrupts);
  addDecodeBench(bench, interrupts);
  addKvBenches(bench, interrupts);
  addRestartBench(bench, interrupts);
  addLanesBench(bench, interrupts);
  addWarmBench(bench, interrupts);
  addLayoutBench(bench, interrupts);
  addSyncBench(bench, interrupts);
}
