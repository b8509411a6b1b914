import type { Grant } from "../approvals/decide.ts";

export type ApprovalRequest = {
  /** One question. */
  readonly sentence: string;
  /** What it is about in full: the command, or the path. */
  readonly detail: string;
  /** What a lasting yes would allow; `null` where it can only be given once. */
  readonly grant: Grant | null;
};

export type Approval =
  /** `always` outlives the session: whoever answers it keeps the grant. */
  | { readonly kind: "yes"; readonly lasts: "once" | "session" | "always" }
  | { readonly kind: "no"; readonly sentence: string };

/** The port to a person who may allow things. */
export interface Approvals {
  request(request: ApprovalRequest, signal: AbortSignal): Promise<Approval>;
}
