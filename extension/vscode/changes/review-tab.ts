import * as vscode from "vscode";
import { ContextKeys } from "../names.ts";

export const REVIEW_TITLE = "Kvasir: Changes to Review";

/** Lets menus tell the view of all changes from other views of several files. */
export function watchReviewTab(): vscode.Disposable {
  const { tabGroups } = vscode.window;
  let told: boolean | undefined;
  const tell = (): void => {
    const { activeTab } = tabGroups.activeTabGroup;
    const isShown = activeTab !== undefined && isReviewTab(activeTab);
    if (isShown === told) return;
    told = isShown;
    void vscode.commands.executeCommand("setContext", ContextKeys.reviewIsShown, isShown);
  };
  tell();
  return vscode.Disposable.from(
    tabGroups.onDidChangeTabs(tell),
    tabGroups.onDidChangeTabGroups(tell),
  );
}

/** The view would go on showing files that a rejection has deleted. One with unsaved text stays. */
export async function closeReviewTab(): Promise<void> {
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter((tab) => isReviewTab(tab) && !tab.isDirty);
  if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
}

function isReviewTab({ label }: vscode.Tab): boolean {
  return label.startsWith(REVIEW_TITLE);
}
