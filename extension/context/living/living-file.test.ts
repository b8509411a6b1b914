import { expect, it } from "vitest";
import { view } from "./file-view.test-support.ts";
import type { LineRange } from "./file-view.ts";
import { type FileState, followed, type LivingFile } from "./living-file.ts";
import { readableText } from "./readable-text.ts";

function file(text: string, lines: LineRange | null = null): LivingFile {
  return { uri: "f:a", segmentId: "s", shown: view(text, lines), pending: null, errataIds: [] };
}

function state(raw: string): FileState {
  return { uri: "f:a", label: "a.ts", language: "ts", content: readableText(raw) };
}

const deleted: FileState = { ...state(""), content: { kind: "missing", reason: "it was deleted" } };

it("has something to tell when the text changed", () => {
  expect(followed(file("x\n"), state("y\n")).pending).toEqual(view("y\n"));
});

it("has nothing to tell when only line ends or a byte order mark changed", () => {
  const flipped = followed(file("x\ny\n"), state("\uFEFFx\r\ny\r\n"));
  expect(flipped.pending).toBeNull();
});

it("has nothing to tell when a change was taken back", () => {
  const changed = followed(file("x\n"), state("y\n"));
  expect(followed(changed, state("x\n")).pending).toBeNull();
});

it("follows lines that move without anything to tell", () => {
  const moved = followed(file("x\ny\n", { start: 1, end: 2 }), state("new\nx\ny\n"));
  expect(moved.pending).toBeNull();
  expect(moved.shown.lines).toEqual({ start: 2, end: 3 });
});

it("finds lines again when their deletion is taken back", () => {
  const gone = followed(file("x\ny\nz\n", { start: 1, end: 2 }), state("x\nz\n"));
  expect(gone.pending?.content).toMatchObject({ reason: "the lines were deleted" });
  expect(followed(gone, state("x\ny\nz\n")).pending).toBeNull();
});

it("finds a file again that was deleted and is back", () => {
  const gone = followed(file("x\n"), deleted);
  expect(gone.pending?.content).toEqual(deleted.content);
  expect(followed(gone, state("x\n")).pending).toBeNull();
});

it("goes by the new name of a renamed file", () => {
  const renamed = followed(file("x\n"), { ...state("x\n"), uri: "f:b", label: "b.ts" });
  expect(renamed).toMatchObject({ uri: "f:b", pending: { label: "b.ts" } });
});
