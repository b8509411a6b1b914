import * as vscode from "vscode";
import { agoText } from "../sessions/session-age.ts";
import { countOf } from "../meter/format.ts";
import type { SessionSummary } from "../window/session-store.ts";

export type SessionChoice =
  | { readonly kind: "resume" | "rename" | "export" | "delete"; readonly session: SessionSummary }
  | { readonly kind: "import" }
  | { readonly kind: "none" };

type ItemAct = "rename" | "export" | "delete";
type ItemButton = vscode.QuickInputButton & { readonly act: ItemAct };
type Item = vscode.QuickPickItem & { readonly session: SessionSummary };

const BUTTONS: readonly ItemButton[] = [
  button("rename", "edit", "Rename"),
  button("export", "export", "Export…"),
  button("delete", "trash", "Delete"),
];
const IMPORT: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon("cloud-upload"),
  tooltip: "Import a recording…",
};

/** Shows the sessions of the workspace and lets the user choose one, and what to do with it. */
export async function chooseSession(sessions: readonly SessionSummary[]): Promise<SessionChoice> {
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = "Kvasir: Sessions";
  pick.placeholder =
    sessions.length === 0
      ? "Nothing was asked in this workspace yet"
      : "Choose a session to go on with it in a new chat";
  pick.matchOnDescription = true;
  pick.buttons = [IMPORT];
  pick.items = sessions.map(itemOf);
  try {
    return await new Promise<SessionChoice>((resolve) => {
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (item !== undefined) resolve({ kind: "resume", session: item.session });
      });
      pick.onDidTriggerItemButton(({ item, button: pressed }) => {
        const act = BUTTONS.find((each) => each === pressed)?.act;
        if (act !== undefined) resolve({ kind: act, session: item.session });
      });
      pick.onDidTriggerButton(() => resolve({ kind: "import" }));
      pick.onDidHide(() => resolve({ kind: "none" }));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

function itemOf(session: SessionSummary): Item {
  const { label, questions, savedMs } = session;
  const description = `${countOf(questions, "question")}, ${agoText(savedMs, Date.now())}`;
  return { label, description, buttons: BUTTONS, session };
}

function button(act: ItemAct, icon: string, tooltip: string): ItemButton {
  return { act, iconPath: new vscode.ThemeIcon(icon), tooltip };
}
