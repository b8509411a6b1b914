import { type Grant, type Policy, withGrant } from "../../agent/approvals/decide.ts";
import { NearRules } from "../../agent/rules/near-rules.ts";
import { Outputs } from "../../agent/tools/outputs.ts";
import type { WindowState } from "../../context/window/window-state.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";

/** What the agent knows of a chat beside its window. It ends with the editor's window. */
export class SessionMemory {
  readonly outputs = new Outputs();
  readonly #grants: Grant[] = [];
  #rules: NearRules | null = null;
  /** The segment with which the last turn ended; `null` while one is under way, or if it failed. */
  #lastSegmentId: string | null = null;

  allow(grant: Grant): void {
    this.#grants.push(grant);
  }

  applyTo(policy: Policy): Policy {
    return this.#grants.reduce(withGrant, policy);
  }

  /** The rules of folders that were told. What was told in a turn that was cut off has to be told again. */
  beginTurn({ context }: WindowState, workspace: EditorWorkspace): NearRules {
    const goesOn = context.segments.some(({ id }) => id === this.#lastSegmentId);
    const rules = goesOn && this.#rules !== null ? this.#rules : nearRules(workspace);
    this.#rules = rules;
    this.#lastSegmentId = null;
    return rules;
  }

  endTurn({ context }: WindowState): void {
    this.#lastSegmentId = context.segments.at(-1)?.id ?? null;
  }
}

/** The rules of the first folder are part of every chat, under either of its names. */
function nearRules(workspace: EditorWorkspace): NearRules {
  const [first] = workspace.folders;
  return new NearRules(workspace, workspace.folders.length > 1 ? (first?.name ?? "") : "");
}
