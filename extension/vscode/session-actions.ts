import * as vscode from "vscode";
import type { SessionSummary } from "../window/session-store.ts";
import { showError } from "./notices.ts";
import { openNewChat } from "./open-chat.ts";
import type { SessionActs } from "./session-acts.ts";
import { exportToFile, importFromFile } from "./session-files.ts";
import { chooseSession } from "./session-list.ts";
import type { SessionLibrary } from "./session-library.ts";

/** What the list of sessions does. None of it throws: failures are shown. */
export class SessionActions {
  readonly #library: SessionLibrary;
  readonly #acts: SessionActs;
  readonly #log: Pick<vscode.LogOutputChannel, "error">;

  constructor(
    { library, acts }: { readonly library: SessionLibrary; readonly acts: SessionActs },
    log: Pick<vscode.LogOutputChannel, "error">,
  ) {
    this.#library = library;
    this.#acts = acts;
    this.#log = log;
  }

  /** Shows the list, and again after everything but a session to go on with. */
  async show(): Promise<void> {
    try {
      while (await this.#choose()) {
        // What was done is seen in the list.
      }
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
      await showError("That could not be done with the session; the log has the details.", [
        "showLog",
      ]);
    }
  }

  /** Answers whether the list is to be shown again. */
  async #choose(): Promise<boolean> {
    const choice = await chooseSession(await this.#library.list());
    switch (choice.kind) {
      case "none":
        return false;
      case "resume":
        await this.#resume(choice.session);
        return false;
      case "rename":
        await this.#rename(choice.session);
        return true;
      case "delete":
        await this.#delete(choice.session);
        return true;
      case "export":
        return await this.#export(choice.session);
      case "import":
        return await this.#import();
    }
  }

  async #resume({ id, label }: SessionSummary): Promise<void> {
    this.#acts.pick(id, label);
    await openNewChat({ message: `/resume ${label}` });
  }

  async #rename({ id, label }: SessionSummary): Promise<void> {
    const name = await vscode.window.showInputBox({
      title: "Rename the session",
      prompt: "Empty: the first message",
      value: label,
    });
    if (name !== undefined) this.#tell(await this.#library.rename(id, name));
  }

  async #delete({ id, label }: SessionSummary): Promise<void> {
    const really = await vscode.window.showWarningMessage(
      `Delete “${label}”? What the chat view shows of it stays; what the model knew of it goes.`,
      { modal: true },
      "Delete",
    );
    if (really === "Delete") this.#tell(await this.#library.delete(id));
  }

  async #export({ id }: SessionSummary): Promise<boolean> {
    const session = await this.#library.read(id);
    if (typeof session === "string") {
      this.#tell(session);
      return true;
    }
    const uri = await exportToFile(session);
    if (uri !== null) await vscode.window.showTextDocument(uri);
    return uri === null;
  }

  async #import(): Promise<boolean> {
    const imported = await importFromFile();
    if (imported === null) return true;
    if (imported.kind === "refused") {
      this.#tell(imported.sentence);
      return false;
    }
    this.#tell(await this.#library.add(imported.session));
    return true;
  }

  #tell(refusal: string | null): void {
    if (refusal !== null) void vscode.window.showErrorMessage(refusal);
  }
}
