/** Names that the manifest declares too. */
export const PARTICIPANT_ID = "kvasir.agent";
export const VENDOR = "kvasir";

export const Commands = {
  selectModelFile: "kvasir.selectModelFile",
  showMeter: "kvasir.showMeter",
  clearCache: "kvasir.clearCache",
  restartSidecar: "kvasir.restartSidecar",
  showLog: "kvasir.showLog",
  chooseTools: "kvasir.chooseTools",
} as const;

/** The buttons and items that run a command, named as in the command palette. */
export const CommandTitles = {
  selectModelFile: "Select Model File",
  restartSidecar: "Restart Sidecar",
  showLog: "Show Log",
} as const;
