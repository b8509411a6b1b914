import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";

/** A terminal that is slower to open misses the first lines; the command need not wait for it. */
const OPEN_MS_MAX = 2_000;
const INTERRUPT = "\u0003";

/** A terminal of the editor that shows the agent's commands, and can stop them. */
export class TerminalView implements vscode.Disposable {
  readonly #written = new vscode.EventEmitter<string>();
  /** Of the commands that run now: two chats may run one each. */
  readonly #stops = new Set<() => void>();
  #terminal: vscode.Terminal | null = null;
  #opened: Promise<unknown> = Promise.resolve();

  /** @param stop is called when somebody presses Ctrl+C in the terminal, or closes it. */
  async begin(command: string, stop: () => void): Promise<void> {
    this.#terminal ??= this.#open();
    await Promise.race([this.#opened, delay(OPEN_MS_MAX)]);
    this.#stops.add(stop);
    this.write(`\u001b[1m> ${command}\u001b[0m\n`);
  }

  write(text: string): void {
    this.#written.fire(text.replaceAll(/\r?\n/gu, "\r\n"));
  }

  end(words: string, stop: () => void): void {
    this.#stops.delete(stop);
    this.write(`\u001b[2m${words}\u001b[0m\n\n`);
  }

  dispose(): void {
    this.#terminal?.dispose();
    this.#written.dispose();
  }

  #open(): vscode.Terminal {
    const isOpen = new vscode.EventEmitter<void>();
    this.#opened = new Promise((resolve) => isOpen.event(resolve));
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.#written.event,
      open: () => isOpen.fire(),
      close: () => {
        this.#terminal = null;
        this.#stopAll();
      },
      handleInput: (text) => {
        if (text.includes(INTERRUPT)) this.#stopAll();
      },
    };
    const iconPath = new vscode.ThemeIcon("tools");
    const terminal = vscode.window.createTerminal({
      name: "Kvasir",
      iconPath,
      isTransient: true,
      pty,
    });
    // Shown when it is made and not with every command: nobody wants it back who has hidden it.
    terminal.show(true);
    return terminal;
  }

  #stopAll(): void {
    for (const stop of this.#stops) stop();
  }
}
