/** `marker` opens a call; then `beforeName` NAME `beforeParameters` JSON `suffix`. */
export type CallSyntax = {
  readonly marker: string;
  readonly beforeName: string;
  readonly beforeParameters: string;
  readonly suffix: string;
};

/**
 * For models whose chat template knows no tools. The prompt explains it and the engine listens for
 * it, so both take it from here. It is the form most models were tuned on (Hermes).
 */
export const PLAIN_CALL: CallSyntax = {
  marker: "<tool_call>",
  beforeName: '\n{"name": "',
  beforeParameters: '", "arguments": ',
  suffix: "}\n</tool_call>",
};
