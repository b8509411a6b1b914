import * as vscode from "vscode";
import { ClearStore, PruneStore, ShowStore, VerifyStore } from "../../protocol/store.ts";
import { explain } from "../doors/error-sentence.ts";
import {
  clearedSentence,
  prunedSentence,
  storeDetail,
  storeSentence,
  verifiedSentence,
} from "../meter/store-sentences.ts";
import { signalOf } from "./cancellation.ts";
import { showError } from "./notices.ts";
import type { Sidecar } from "./sidecar.ts";

const CLEAR = "Clear Store";

/** What the palette does with the store. None of it throws: failures are shown. */
export class StoreActions {
  readonly #sidecar: Sidecar;
  readonly #log: vscode.LogOutputChannel;

  constructor(sidecar: Sidecar, log: vscode.LogOutputChannel) {
    this.#sidecar = sidecar;
    this.#log = log;
  }

  async show(): Promise<void> {
    await this.#orTell(async () => {
      const stats = await this.#sidecar.requestBare(ShowStore);
      const detail = storeDetail(stats);
      await vscode.window.showInformationMessage(storeSentence(stats), { modal: true, detail });
    });
  }

  async verify(): Promise<void> {
    const location = vscode.ProgressLocation.Notification;
    const title = "Reading what Kvasir keeps on disk…";
    await this.#orTell(async () => {
      const verification = await vscode.window.withProgress(
        { location, title, cancellable: true },
        async (_, token) => {
          const signal = signalOf(token);
          try {
            return await this.#sidecar.requestBare(VerifyStore, signal);
          } catch (error) {
            if (signal.aborted) return null;
            throw error;
          }
        },
      );
      if (verification === null) return;
      const sentence = verifiedSentence(verification);
      // Where it is shown need not hold up the command.
      if (verification.clean) void vscode.window.showInformationMessage(sentence);
      else void vscode.window.showWarningMessage(sentence);
    });
  }

  async prune(): Promise<void> {
    await this.#orTell(async () => {
      const removal = await this.#sidecar.requestBare(PruneStore);
      void vscode.window.showInformationMessage(prunedSentence(removal));
    });
  }

  async clear(): Promise<void> {
    const chosen = await vscode.window.showWarningMessage(
      "Remove all that Kvasir keeps on disk?",
      {
        modal: true,
        detail: "No chat is lost. The next question of each is prefilled from its beginning.",
      },
      CLEAR,
    );
    if (chosen !== CLEAR) return;
    await this.#orTell(async () => {
      const removal = await this.#sidecar.requestBare(ClearStore);
      void vscode.window.showInformationMessage(clearedSentence(removal));
    });
  }

  async #orTell(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
      await showError(explain(error).sentence, ["showLog"]);
    }
  }
}
