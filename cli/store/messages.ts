import type { StoreSettings } from "../../sidecar/store/store-folder.ts";

/** What the commands ask of the process that has the store: one message. */
export type StoreTask =
  | { readonly kind: "stats" | "verify" | "prune" | "clear"; readonly place: StoreSettings }
  | PromptTask;

export type PromptTask = {
  readonly kind: "store" | "lookup" | "extend";
  readonly place: StoreSettings;
  readonly modelPath: string;
  readonly windowTokens: number | null;
  readonly threads: number | null;
  /** What stands before the text; `extend` only. */
  readonly hash: string | null;
  readonly text: string;
};

export type PromptResult = {
  /** Covers every token of the prompt. */
  readonly hash: string;
  /** The hash of the longest prefix that is stored, to be extended; `null` when none is. */
  readonly storedHash: string | null;
  readonly tokens: number;
  /** Tokens at the front that are in the store when the command ends. */
  readonly tokensStored: number;
  readonly tokensRestored: number;
  readonly tokensComputed: number;
  /** Without loading the model. */
  readonly milliseconds: number;
};
