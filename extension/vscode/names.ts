/** Names that the manifest declares too. */
export const PARTICIPANT_ID = "kvasir.agent";
export const VENDOR = "kvasir";

export const Commands = {
  selectModelFile: "kvasir.selectModelFile",
  showMeter: "kvasir.showMeter",
  clearCache: "kvasir.clearCache",
  restartSidecar: "kvasir.restartSidecar",
  showLog: "kvasir.showLog",
  reviewChanges: "kvasir.reviewChanges",
  acceptChange: "kvasir.acceptChange",
  rejectChange: "kvasir.rejectChange",
  acceptFileChanges: "kvasir.acceptFileChanges",
  rejectFileChanges: "kvasir.rejectFileChanges",
  acceptAllChanges: "kvasir.acceptAllChanges",
  rejectAllChanges: "kvasir.rejectAllChanges",
  undoLastTurn: "kvasir.undoLastTurn",
  restoreCheckpoint: "kvasir.restoreCheckpoint",
  forgetApprovals: "kvasir.forgetApprovals",
  editLessons: "kvasir.editLessons",
  /** Run by buttons in a chat alone, so the manifest does not declare it, nor does the editor list it. */
  answerQuestion: "_kvasir.answerQuestion",
} as const;

/** The buttons and items that run a command, named as in the command palette. */
export const CommandTitles = {
  selectModelFile: "Select Model File",
  restartSidecar: "Restart Sidecar",
  showLog: "Show Log",
} as const;
