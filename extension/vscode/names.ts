import type { Task } from "../agent/dialect/task-message.ts";

/** Names that the manifest declares too. */
export const PARTICIPANT_ID = "kvasir.agent";
export const PARTICIPANT_NAME = "kvasir";
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
  sessions: "kvasir.sessions",
  editLessons: "kvasir.editLessons",
  showStore: "kvasir.showStore",
  verifyStore: "kvasir.verifyStore",
  pruneStore: "kvasir.pruneStore",
  clearStore: "kvasir.clearStore",
  /** Run by code actions alone, so the manifest does not declare it, and the editor lists none that begin so. */
  askAboutProblem: "_kvasir.askAboutProblem",
  /** Run by buttons in a chat alone, so the same. */
  answerQuestion: "_kvasir.answerQuestion",
} as const;

/** The tasks in the palette and the menus. */
export const TaskCommands: Readonly<Record<Task, string>> = {
  fix: "kvasir.fix",
  explain: "kvasir.explain",
  tests: "kvasir.writeTests",
  refactor: "kvasir.refactor",
  doc: "kvasir.generateDocComment",
};

/** The buttons and items that run a command, named as in the command palette. */
export const CommandTitles = {
  selectModelFile: "Select Model File",
  restartSidecar: "Restart Sidecar",
  showLog: "Show Log",
} as const;
