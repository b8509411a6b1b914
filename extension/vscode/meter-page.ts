import * as vscode from "vscode";
import type { MeterReading } from "../../protocol/meter.ts";
import { meterDetails, meterTooltip } from "../meter/meter-tables.ts";
import { cachedShare, SessionMeter, totalsOf } from "../meter/session-meter.ts";
import type { StatusBar } from "./status-bar.ts";

const SCHEME = "kvasir-meter";
const PAGE = vscode.Uri.from({ scheme: SCHEME, path: "/Kvasir Cache Meter.md" });

/** Collects the readings of this window and shows them as a page that keeps itself up to date. */
export class MeterPage implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #meter = new SessionMeter();
  readonly #statusBar: StatusBar;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registration: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(statusBar: StatusBar) {
    this.#statusBar = statusBar;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  add(reading: MeterReading): void {
    this.#meter.add(reading);
    this.#statusBar.showMeter(meterTooltip(this.#meter), cachedShare(totalsOf(reading)));
    this.#changed.fire(PAGE);
  }

  provideTextDocumentContent(): string {
    const { model } = this.#statusBar;
    return meterDetails(this.#meter, model.state === "ready" ? model.facts.cellReuse : null);
  }

  async show(): Promise<void> {
    await vscode.commands.executeCommand("markdown.showPreview", PAGE);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
