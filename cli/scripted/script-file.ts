import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";

/** What a model is made to say. */
export const ScriptedAnswer = z.object({
  text: z.string().optional(),
  calls: z
    .array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }))
    .optional(),
  /** Without one, the answer goes on as the model has it, until its limit of tokens. */
  open: z.literal(true).optional(),
});
export type ScriptedAnswer = z.infer<typeof ScriptedAnswer>;

/** The program whose model says what a script says. */
export const SCRIPTED_SIDECAR = "scripted-sidecar.mjs";

/** Names the file of a script for a scripted sidecar. */
export const SCRIPT_VARIABLE = "KVASIR_SCRIPT";

const Script = z.array(ScriptedAnswer);

export function writeScript(path: string, answers: readonly ScriptedAnswer[]): void {
  writeFileSync(path, JSON.stringify(answers));
}

/** Takes the next answer off the script, which others may write anew at any time. */
export function takeAnswer(path: string): ScriptedAnswer {
  const [answer, ...rest] = Script.parse(JSON.parse(readFileSync(path, "utf8")));
  if (answer === undefined) throw new Error("The script holds no further answer.");
  writeScript(path, rest);
  return answer;
}
