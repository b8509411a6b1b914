import type { Approvals } from "../ports/approvals.ts";
import { type Action, decide, type Policy, withGrant } from "./decide.ts";

export type Passed =
  | { readonly kind: "passed" }
  | { readonly kind: "refused"; readonly sentence: string };

/** Lets pass what the policy allows, and asks about the rest. Owns the policy of one session. */
export class Gate {
  readonly #approvals: Approvals;
  #policy: Policy;
  /** Questions come one after the other: a yes to the first may answer the second. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(approvals: Approvals, policy: Policy) {
    this.#approvals = approvals;
    this.#policy = policy;
  }

  async pass(action: Action, signal: AbortSignal): Promise<Passed> {
    const passed = this.#last.then(() => this.#pass(action, signal));
    this.#last = passed.catch(() => undefined);
    return await passed;
  }

  async #pass(action: Action, signal: AbortSignal): Promise<Passed> {
    const decision = decide(action, this.#policy);
    if (decision.kind === "allow") return { kind: "passed" };
    if (decision.kind === "deny") return { kind: "refused", sentence: decision.sentence };
    if (signal.aborted) return { kind: "refused", sentence: "The user stopped this." };
    const { sentence, grant } = decision;
    const approval = await this.#approvals.request(
      { sentence, detail: detailOf(action), grant },
      signal,
    );
    if (approval.kind === "no") return { kind: "refused", sentence: approval.sentence };
    if (approval.lasts !== "once" && grant !== null) this.#policy = withGrant(this.#policy, grant);
    return { kind: "passed" };
  }
}

function detailOf(action: Action): string {
  switch (action.kind) {
    case "read":
    case "write":
      return action.path;
    case "command":
      return action.command;
    case "external":
      return `${action.tool} ${action.input}`;
  }
}
