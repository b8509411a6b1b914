import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { type ScriptedAnswer, writeScript } from "../../../cli/scripted/script-file.ts";
import type { EditorHostOptions } from "../hosts/editor-host.ts";
import { Session } from "./session.ts";

export type ScriptedSession = {
  readonly session: Session;
  /** What the model says from now on, answer by answer. */
  readonly script: (...answers: readonly ScriptedAnswer[]) => void;
};

/** An editor in which the model of the real sidecar says what a test wants it to say. */
export async function startScriptedSession(
  options: Omit<EditorHostOptions, "script"> = {},
): Promise<ScriptedSession> {
  const path = join(mkdtempSync(join(inject("codeServer").temporaryFolder, "script-")), "a.json");
  writeScript(path, []);
  const settings = {
    "kvasir.agent.tools": "full",
    "kvasir.answer.maxTokens": 1_024,
    ...options.settings,
  };
  const session = await Session.start({ ...options, settings, script: path });
  return { session, script: (...answers) => writeScript(path, answers) };
}
