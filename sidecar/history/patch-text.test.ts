import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TextChange } from "../../protocol/edit.ts";
import type { ErrorKind } from "../../protocol/errors.ts";
import { patchText } from "./patch-text.ts";
import { refusalOf } from "./refused.test-support.ts";

type Place = readonly [line: number, character: number];

function change(
  [line, character]: Place,
  [endLine, endCharacter]: Place,
  text: string,
): TextChange {
  return {
    range: { start: { line, character }, end: { line: endLine, character: endCharacter } },
    text,
  };
}

describe("patching a text", () => {
  it("replaces, inserts and deletes ranges", () => {
    expect(patchText("one two three", [change([0, 4], [0, 7], "2")])).toBe("one 2 three");
    expect(patchText("one three", [change([0, 4], [0, 4], "two ")])).toBe("one two three");
    expect(patchText("one\ntwo\nthree", [change([0, 3], [1, 3], "")])).toBe("one\nthree");
  });

  it("reaches the very end of a text and fills an empty one", () => {
    expect(patchText("one\n", [change([1, 0], [1, 0], "two")])).toBe("one\ntwo");
    expect(patchText("one", [change([0, 3], [0, 3], "!")])).toBe("one!");
    expect(patchText("", [change([0, 0], [0, 0], "one")])).toBe("one");
  });

  it("applies each change to the result of the last", () => {
    const changes = [change([0, 0], [0, 0], "a\n"), change([1, 0], [1, 1], "Z")];
    expect(patchText("xyz", changes)).toBe("a\nZyz");
  });

  it("leaves a text without changes as it is", () => {
    expect(patchText("one\r\ntwo", [])).toBe("one\r\ntwo");
  });

  it("counts CRLF as one line end and keeps it", () => {
    expect(patchText("one\r\ntwo\r\nthree", [change([1, 0], [1, 3], "2")])).toBe(
      "one\r\n2\r\nthree",
    );
    expect(patchText("one\r\ntwo", [change([0, 3], [1, 0], " ")])).toBe("one two");
  });

  it("refuses a place between the two characters of a CRLF", async () => {
    expect(await refusedKind("one\r\ntwo", [change([0, 4], [0, 4], "x")])).toBe("badEdit");
  });

  it("counts characters as UTF-16 does, so an emoji is two", () => {
    expect(patchText("a😀b", [change([0, 1], [0, 3], "-")])).toBe("a-b");
    expect(patchText("a😀b", [change([0, 3], [0, 4], "c")])).toBe("a😀c");
  });

  it.each([
    ["a line behind the last", [1, 0]],
    ["a character behind the end of its line", [0, 4]],
    ["a line far behind the last", [1_000_000, 0]],
  ] as const)("refuses %s instead of clamping it", async (_, place) => {
    expect(await refusedKind("one", [change([0, 0], place, "")])).toBe("badEdit");
    expect(await refusedKind("one", [change(place, place, "x")])).toBe("badEdit");
  });

  it("refuses a place that an earlier change has taken away", async () => {
    expect(
      await refusedKind("one\ntwo", [change([0, 3], [1, 3], ""), change([1, 0], [1, 0], "x")]),
    ).toBe("badEdit");
  });

  it("refuses a range that ends before it starts", async () => {
    expect(await refusedKind("one", [change([0, 2], [0, 1], "x")])).toBe("badEdit");
    expect(await refusedKind("one\ntwo", [change([1, 0], [0, 3], "x")])).toBe("badEdit");
  });

  it("refuses to cut a character in half", async () => {
    expect(await refusedKind("a😀", [change([0, 1], [0, 2], "")])).toBe("badEdit");
    expect(await refusedKind("a😀", [change([0, 2], [0, 2], "x")])).toBe("badEdit");
  });

  it("does what cutting the string does, whatever text and place", () => {
    const words = fc.string({ unit: fc.constantFrom("a", "😀", "\n", "\r\n", " "), maxLength: 30 });
    fc.assert(
      fc.property(words, words, fc.nat(), fc.nat(), (text, inserted, a, b) => {
        const places = placesOf(text);
        const [start, end] = [a % places.length, b % places.length].sort((x, y) => x - y);
        const [from, to] = [places[start!]!, places[end!]!];
        const expected = text.slice(0, from.offset) + inserted + text.slice(to.offset);
        fc.pre(expected.isWellFormed());
        expect(patchText(text, [change(from.place, to.place, inserted)])).toBe(expected);
      }),
    );
  });
});

/** Every place of a text that an editor can name. */
function placesOf(text: string): { offset: number; place: Place }[] {
  const places: { offset: number; place: Place }[] = [];
  let offset = 0;
  for (const [line, content] of text.split(/\r\n|\n/u).entries()) {
    for (let character = 0; character <= content.length; character++) {
      places.push({ offset: offset + character, place: [line, character] });
    }
    offset += content.length;
    offset += text.startsWith("\r\n", offset) ? 2 : 1;
  }
  return places;
}

async function refusedKind(text: string, changes: readonly TextChange[]): Promise<ErrorKind> {
  return (await refusalOf(() => patchText(text, changes))).kind;
}
