import { addAgentCommand } from "./agent.ts";
import { addBenchCommand } from "./bench/command.ts";
import { addDemoCommand } from "./demo.ts";
import { addDoctorCommand } from "./doctor.ts";
import { addGenerateCommand } from "./generate.ts";
import { addStoreCommands } from "./store/command.ts";
import { addReplayCommand } from "./replay/command.ts";
import { runProgram } from "./run-program.ts";
import { addUndoCommand } from "./undo.ts";

/** The command line. Puts the commands together. */
await runProgram((program, interrupts) => {
  addGenerateCommand(program, interrupts);
  addAgentCommand(program, interrupts);
  addUndoCommand(program);
  addDoctorCommand(program, interrupts);
  addDemoCommand(program, interrupts);
  addStoreCommands(program, interrupts);
  addBenchCommand(program, interrupts);
  addReplayCommand(program, interrupts);
});
