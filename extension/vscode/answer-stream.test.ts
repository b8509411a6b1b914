import { beforeEach, expect, it } from "vitest";
import type * as vscode from "vscode";
import { AnswerStream } from "./answer-stream.ts";

/** The editor's stream: it takes what is written until it is closed. */
class EditorStream {
  readonly written: unknown[] = [];
  isClosed = false;

  readonly #take = (value: unknown): void => {
    if (this.isClosed) throw new Error("Response stream has been closed");
    this.written.push(value);
  };
  readonly markdown = this.#take;
  readonly anchor = this.#take;
  readonly button = this.#take;
  readonly filetree = this.#take;
  readonly progress = this.#take;
  readonly reference = this.#take;
  readonly push = this.#take;
}

const button: vscode.Command = { command: "undo", title: "Undo" };
let editor: EditorStream;
let stop: { isCancellationRequested: boolean };
let stream: AnswerStream;

beforeEach(() => {
  editor = new EditorStream();
  stop = { isCancellationRequested: false };
  stream = new AnswerStream(editor, stop);
});

it("shows what is written, also while a stopped turn comes to its end", () => {
  stream.markdown("One");
  stop.isCancellationRequested = true;
  stream.progress("Two");
  stream.button(button);
  expect(editor.written).toEqual(["One", "Two", button]);
  expect(stream.isClosed).toBe(false);
});

it("drops what comes after the editor has closed the answer of a stopped turn", () => {
  stop.isCancellationRequested = true;
  editor.isClosed = true;
  stream.markdown("Late");
  stream.button(button);
  expect(editor.written).toEqual([]);
  expect(stream.isClosed).toBe(true);
});

it("hides no other failure", () => {
  editor.isClosed = true;
  expect(() => stream.markdown("Lost")).toThrow("Response stream has been closed");
  expect(stream.isClosed).toBe(false);
});
