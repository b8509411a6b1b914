export type EditorHostOptions = {
  /** The user's settings, beside those of `support/settings.ts`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Opens new folders as not trusted, after asking. */
  readonly asksForTrust?: boolean;
  /** The file of a script that the model says, in an editor whose sidecar takes one. */
  readonly script?: string;
};

/** A running editor, with the package and the probe installed in it and a profile of its own. */
export type EditorHost = {
  /** Where the editor keeps the user's files. */
  readonly userFolder: string;
  /** Where probes announce themselves. */
  readonly probeFolder: string;
  /** The address of a window on a folder, for a browser; `null` if it opens its windows itself. */
  urlOf(folder: string, openFile?: string): string | null;
  /** Ends the editor and everything that it started. */
  stop(): Promise<void>;
};
