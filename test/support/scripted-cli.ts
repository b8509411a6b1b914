import { addAgentCommand } from "../../cli/agent.ts";
import { SCRIPTED_SIDECAR } from "../../cli/scripted/script-file.ts";
import { runProgram } from "../../cli/run-program.ts";
import { addUndoCommand } from "../../cli/undo.ts";

/** The command line with a sidecar whose model says what a script says. */
await runProgram((program, interrupts) => {
  addAgentCommand(program, interrupts, { program: SCRIPTED_SIDECAR });
  addUndoCommand(program);
});
