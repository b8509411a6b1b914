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
  // The manifest does not declare what only buttons and code actions run, and the editor lists no
  // command that begins like these.
  answerQuestion: "_kvasir.answerQuestion",
  askAboutProblem: "_kvasir.askAboutProblem",
  chooseTools: "kvasir.chooseTools",
} as const;

/** What the conditions of menus and commands in the manifest ask for. */
export const ContextKeys = {
  sidecarRunning: "kvasir.sidecarRunning",
  /** There is something to review. */
  changesPending: "kvasir.changesPending",
  /** The paths under which the editor knows files that have something to review. */
  changedPaths: "kvasir.changedPaths",
  /** The view of all changes is the one that is looked at. */
  reviewIsShown: "kvasir.reviewIsShown",
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
