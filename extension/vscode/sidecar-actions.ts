import * as vscode from "vscode";
import { ClearCache, ConfigureModel, type ModelConfig } from "../../protocol/model.ts";
import { ConfigureStore, type StoreChoice } from "../../protocol/store.ts";
import { explain } from "../doors/error-sentence.ts";
import { countOf } from "../meter/format.ts";
import { showError } from "./notices.ts";
import type { Sidecar } from "./sidecar.ts";

/** What commands and settings do with the sidecar. None of it throws: failures are shown. */
export class SidecarActions {
  readonly #sidecar: Sidecar;
  readonly #log: vscode.LogOutputChannel;

  constructor(sidecar: Sidecar, log: vscode.LogOutputChannel) {
    this.#sidecar = sidecar;
    this.#log = log;
  }

  async configure(config: ModelConfig): Promise<void> {
    await this.#orTell(() => this.#sidecar.request(ConfigureModel, config));
  }

  async configureStore(store: StoreChoice): Promise<void> {
    await this.#orTell(() => this.#sidecar.request(ConfigureStore, { store }));
  }

  async restart(): Promise<void> {
    await this.#orTell(() => this.#sidecar.restart());
  }

  async clearCache(): Promise<void> {
    // Starting a sidecar only to empty its cache would be of no use.
    if (!this.#sidecar.isRunning) {
      void vscode.window.showInformationMessage(
        "The Kvasir sidecar is not running; there is no cache to clear.",
      );
      return;
    }
    await this.#orTell(async () => {
      const { droppedTokens } = await this.#sidecar.requestBare(ClearCache);
      void vscode.window.showInformationMessage(
        `Cleared ${countOf(droppedTokens, "token")} from memory; the next turn reads from disk what was kept, and prefills the rest.`,
      );
    });
  }

  async #orTell(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.error(error instanceof Error ? error : String(error));
      await showError(explain(error).sentence, ["showLog"]);
    }
  }
}
