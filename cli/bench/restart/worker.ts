import { serveTask } from "../../worker/serve-task.ts";
import { measureLookup } from "./measure-lookup.ts";
import { measureRestore, measureSave } from "./measure-steps.ts";
import type { RestartTask } from "./messages.ts";

/** One step of the benchmark in a process of its own, because a restart is what is measured. */
serveTask<RestartTask, never, unknown>(async (task) => {
  if (task.kind === "lookup") return await measureLookup(task.folder);
  return await (task.kind === "save" ? measureSave(task) : measureRestore(task));
});
