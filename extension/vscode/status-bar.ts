import * as vscode from "vscode";
import { needsAttention, type Status, statusText } from "../meter/status-text.ts";
import { statusTooltip } from "../meter/status-tooltip.ts";
import { Commands } from "./names.ts";

/** Left of the editor's own items on the right side. */
const PRIORITY = 90;

/** Shows the cache meter and what the model is doing. */
export class StatusBar implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  #status: Status;
  #meter = "";
  #shownTooltip = "";

  constructor(model: Status["model"]) {
    this.#item = vscode.window.createStatusBarItem(
      "kvasir.meter",
      vscode.StatusBarAlignment.Right,
      PRIORITY,
    );
    this.#item.name = "Kvasir Cache Meter";
    this.#status = { model, activity: null, cachedShare: null, down: false };
    this.#render();
    this.#item.show();
  }

  get model(): Status["model"] {
    return this.#status.model;
  }

  show(change: Partial<Status>): void {
    this.#status = { ...this.#status, ...change };
    this.#render();
  }

  /** The table for the tooltip, and the share that it says was cached last. */
  showMeter(table: string, cachedShare: number | null): void {
    this.#meter = table;
    this.show({ cachedShare });
  }

  dispose(): void {
    this.#item.dispose();
  }

  #render(): void {
    const text = statusText(this.#status);
    const tooltip = statusTooltip(this.#status, this.#meter);
    // Every assignment travels to the window, and most tokens change nothing.
    if (text === this.#item.text && tooltip === this.#shownTooltip) return;
    this.#item.text = text;
    this.#shownTooltip = tooltip;
    this.#item.tooltip = new vscode.MarkdownString(tooltip);
    this.#item.command = this.#command();
    this.#item.backgroundColor = needsAttention(this.#status)
      ? new vscode.ThemeColor("statusBarItem.warningBackground")
      : undefined;
  }

  #command(): string {
    const { model, down } = this.#status;
    if (down) return Commands.restartSidecar;
    return model.state === "unset" ? Commands.selectModelFile : Commands.showMeter;
  }
}
