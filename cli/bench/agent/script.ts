import type { ScriptedAnswer } from "../../scripted/script-file.ts";
import type { Repository } from "./repository.ts";

/**
 * What an agent does most, step after step: it lists, searches, reads and edits, each time
 * elsewhere. A repetition edits what the one before has written.
 */
export function scriptOf(
  repository: Repository,
  steps: number,
  repetition: number,
): ScriptedAnswer[] {
  const answers: ScriptedAnswer[] = [];
  for (let step = 0; answers.length < steps; step++) {
    const path = repository.path(step * 37);
    const edits = [{ search: `LIMIT = ${repetition}`, replace: `LIMIT = ${repetition + 1}` }];
    answers.push(
      call("list_files", { glob: `module-${step}.ts` }),
      call("search_text", { regex: `compute${step * 37}\\b`, glob: "" }),
      call("read_file", { path, start_line: 1, end_line: 0 }),
      call("edit_file", { path, edits }),
    );
  }
  return [...answers.slice(0, steps), call("finish", { summary: "Done." })];
}

function call(name: string, given: Record<string, unknown>): ScriptedAnswer {
  return { calls: [{ name, arguments: given }] };
}
