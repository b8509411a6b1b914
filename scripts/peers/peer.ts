/** What one request cost. */
export type Reading = {
  /** Prompt tokens that were evaluated, as the engine itself counts. */
  readonly prefilledTokens: number;
  /** From sending the prompt to the answer, by the clock of the process that sent it. */
  readonly firstTokenMs: number;
  /** The part of it that the engine says it spent. */
  readonly engineMs: number;
};

/** What every program of a comparison is started with, so that they differ in nothing else. */
export type PeerSetup = {
  readonly modelPath: string;
  readonly threads: number;
  readonly cellsTokens: number;
  readonly batchTokens: number;
};

/** A program to compare with, in one configuration. */
export type Peer = {
  readonly name: string;
  /** What it is and how it is set up, in a line for the page. */
  readonly about: string;
  /** Makes sure that it can be started, and answers the versions of what it is made of. */
  readonly prepare: (signal: AbortSignal) => Promise<Readonly<Record<string, string>>>;
  readonly start: (setup: PeerSetup, signal: AbortSignal) => Promise<RunningPeer>;
};

export type RunningPeer = {
  /** Makes a prompt resident and waits for the first token behind it. */
  readonly firstToken: (prompt: readonly number[]) => Promise<Reading>;
  readonly stop: () => Promise<void>;
};
