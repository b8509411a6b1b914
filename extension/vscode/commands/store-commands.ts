import * as vscode from "vscode";
import { Commands } from "../names.ts";
import type { StoreActions } from "../store-actions.ts";

export function registerStoreCommands(actions: () => Promise<StoreActions>): vscode.Disposable {
  const register = (command: string, run: (ready: StoreActions) => Promise<void>) =>
    vscode.commands.registerCommand(command, async () => run(await actions()));
  return vscode.Disposable.from(
    register(Commands.showStore, (ready) => ready.show()),
    register(Commands.verifyStore, (ready) => ready.verify()),
    register(Commands.pruneStore, (ready) => ready.prune()),
    register(Commands.clearStore, (ready) => ready.clear()),
  );
}
