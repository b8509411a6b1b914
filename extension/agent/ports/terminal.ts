export type CommandEnd =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "killed"; readonly by: string }
  | { readonly kind: "timedOut" }
  | { readonly kind: "stopped" }
  /** It never started. */
  | { readonly kind: "failed"; readonly sentence: string };

/** The port to a shell. A command that ends early takes the processes it started with it. */
export interface Terminal {
  /** Whether commands are read as those of a POSIX shell. */
  readonly shell: "posix" | "other";
  run(
    command: string,
    options: {
      readonly folder: string;
      readonly timeLimitMs: number;
      readonly signal: AbortSignal;
      /** Output and errors, as they come. */
      readonly onOutput: (text: string) => void;
    },
  ): Promise<CommandEnd>;
}
