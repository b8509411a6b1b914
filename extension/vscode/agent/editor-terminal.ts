import * as vscode from "vscode";
import { NodeTerminal } from "../../agent/node/node-terminal.ts";
import type { CommandEnd, Terminal } from "../../agent/ports/terminal.ts";
import { counted } from "../../agent/tools/counted.ts";
import type { TerminalView } from "./terminal-view.ts";

/**
 * Runs commands in a process of their own, because the editor's terminals tell neither all output
 * nor, in every shell, how a command ended; what they do is shown in a terminal as it happens.
 */
export class EditorTerminal implements Terminal {
  readonly #node = new NodeTerminal();
  readonly #view: TerminalView;
  readonly #beforeRun: () => Promise<unknown>;
  readonly shell = this.#node.shell;

  /** @param beforeRun is waited for before each command. */
  constructor(view: TerminalView, beforeRun: () => Promise<unknown>) {
    this.#view = view;
    this.#beforeRun = beforeRun;
  }

  async run(command: string, options: Parameters<Terminal["run"]>[1]): Promise<CommandEnd> {
    if (!vscode.workspace.isTrusted) {
      return { kind: "failed", sentence: "The workspace is not trusted." };
    }
    await this.#beforeRun();
    const closed = new AbortController();
    const stop = (): void => closed.abort();
    await this.#view.begin(command, stop);
    const end = await this.#node.run(command, {
      ...options,
      signal: AbortSignal.any([options.signal, closed.signal]),
      onOutput: (text) => {
        this.#view.write(text);
        options.onOutput(text);
      },
    });
    this.#view.end(wordsOf(end, options.timeLimitMs), stop);
    return end;
  }
}

function wordsOf(end: CommandEnd, timeLimitMs: number): string {
  switch (end.kind) {
    case "exited":
      return `exit code ${end.code}`;
    case "killed":
      return `killed by ${end.by}`;
    case "timedOut":
      return `stopped after ${counted(timeLimitMs / 1_000, "second")}`;
    case "stopped":
      return "stopped";
    case "failed":
      return end.sentence;
  }
}
