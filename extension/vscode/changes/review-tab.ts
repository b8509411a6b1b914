import * as vscode from "vscode";

export const REVIEW_TITLE = "Kvasir: Changes to Review";

/** The view would go on showing files that a rejection has deleted. One with unsaved text stays. */
export async function closeReviewTab(): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(({ label, isDirty }) => label.startsWith(REVIEW_TITLE) && !isDirty);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}
