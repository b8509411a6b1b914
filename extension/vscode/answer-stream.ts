import type * as vscode from "vscode";

type Stream = vscode.ChatResponseStream;

/**
 * Where an answer is written to. The editor closes it a second after a stop, whatever still goes on, and
 * throws at everyone who writes there from then on. What a turn has done by then is done all the same, so
 * these words are dropped and the turn ends as any other.
 */
export class AnswerStream implements Stream {
  readonly #stream: Stream;
  readonly #stop: Pick<vscode.CancellationToken, "isCancellationRequested">;
  #isClosed = false;

  constructor(stream: Stream, stop: Pick<vscode.CancellationToken, "isCancellationRequested">) {
    this.#stream = stream;
    this.#stop = stop;
  }

  /** Whether something was dropped. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  markdown(...given: Parameters<Stream["markdown"]>): void {
    this.#write((stream) => stream.markdown(...given));
  }

  anchor(...given: Parameters<Stream["anchor"]>): void {
    this.#write((stream) => stream.anchor(...given));
  }

  button(...given: Parameters<Stream["button"]>): void {
    this.#write((stream) => stream.button(...given));
  }

  filetree(...given: Parameters<Stream["filetree"]>): void {
    this.#write((stream) => stream.filetree(...given));
  }

  progress(...given: Parameters<Stream["progress"]>): void {
    this.#write((stream) => stream.progress(...given));
  }

  reference(...given: Parameters<Stream["reference"]>): void {
    this.#write((stream) => stream.reference(...given));
  }

  push(...given: Parameters<Stream["push"]>): void {
    this.#write((stream) => stream.push(...given));
  }

  #write(write: (stream: Stream) => void): void {
    try {
      write(this.#stream);
    } catch (error) {
      if (!this.#stop.isCancellationRequested) throw error;
      this.#isClosed = true;
    }
  }
}
