import { describe, expect, it } from "vitest";
import type { FileView } from "../context/living/file-view.ts";
import { missing, view } from "../context/living/file-view.test-support.ts";
import type { LivingFile } from "../context/living/living-file.ts";
import { KnownTexts } from "./known-texts.ts";

const URI = "file:///a.ts";

function living(shown: FileView, pending: FileView | null = null): LivingFile {
  return { uri: URI, segmentId: "s", shown, pending, errataIds: [] };
}

describe("what the model takes a file to read like", () => {
  it("is what a tool has shown, from the next answer on", () => {
    const known = new KnownTexts();
    known.noteShown(URI, "new\n");
    expect(known.get(URI)).toBeUndefined();
    known.beginAnswer([]);
    expect(known.get(URI)).toBe("new\n");
  });

  it("is what the model has made of it, at once and before its file is told anew", () => {
    const known = new KnownTexts();
    known.beginAnswer([living(view("old\n"))]);
    known.noteMade(URI, "made\n");
    expect(known.get(URI)).toBe("made\n");
    known.beginAnswer([living(view("old\n"), view("made\n"))]);
    expect(known.get(URI)).toBe("made\n");
  });

  it("is what an erratum has told since", () => {
    const known = new KnownTexts();
    known.noteMade(URI, "made\n");
    known.beginAnswer([living(view("typed\n"))]);
    expect(known.get(URI)).toBe("typed\n");
  });

  it("is nothing once the file is told to be gone, and in another turn", () => {
    const known = new KnownTexts();
    known.noteMade(URI, "made\n");
    known.beginAnswer([living(missing("it was deleted"))]);
    expect(known.get(URI)).toBeUndefined();
    known.noteMade(URI, "made\n");
    known.forget();
    expect(known.get(URI)).toBeUndefined();
  });
});
