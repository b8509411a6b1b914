import type { Grant, Policy } from "../../agent/approvals/decide.ts";
import { withGrant } from "../../agent/approvals/decide.ts";
import { NearRules } from "../../agent/rules/near-rules.ts";
import { Outputs } from "../../agent/tools/outputs.ts";
import type { EditorWorkspace } from "./editor-workspace.ts";

/** What the agent knows of a chat beside its window. It ends with the editor's window. */
export class SessionMemory {
  readonly outputs = new Outputs();
  readonly rules: NearRules;
  readonly #grants: Grant[] = [];

  constructor(workspace: EditorWorkspace) {
    const [first] = workspace.folders;
    // The rules of the first folder are part of every chat, under either of its names.
    const folder = workspace.folders.length > 1 ? (first?.name ?? "") : "";
    this.rules = new NearRules(workspace, folder);
  }

  allow(grant: Grant): void {
    this.#grants.push(grant);
  }

  applyTo(policy: Policy): Policy {
    return this.#grants.reduce(withGrant, policy);
  }
}
