import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonEnd } from "./json-end.ts";

function endOf(...parts: string[]): number | null {
  const json = new JsonEnd();
  for (const part of parts) json.feed(part);
  return json.end;
}

describe("the end of a JSON object", () => {
  it("is the closing brace of the outermost object", () => {
    expect(endOf("{}")).toBe(2);
    expect(endOf('{"a": {"b": [{}]}} }')).toBe('{"a": {"b": [{}]}}'.length);
  });

  it("is unknown while the object is open", () => {
    expect(endOf("")).toBeNull();
    expect(endOf('{"a": {}')).toBeNull();
    expect(endOf('{"a": "}')).toBeNull();
  });

  it("is not in a string, though it holds braces, quotation marks and backslashes", () => {
    const text = String.raw`{"a": "}\"}\\", "}": "\\\"}"}`;
    expect(endOf(`${text} rest`)).toBe(text.length);
  });

  it("counts from the start of the text, with white space before the object", () => {
    expect(endOf(" \n", "{", "}", "}")).toBe(4);
  });

  it("stays where it is, whatever follows", () => {
    expect(endOf("{}", "{}", '"', "}")).toBe(2);
  });

  it("is right behind any object, followed by any text, however both are cut", () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue());
    const spaces = fc.constantFrom(undefined, 0, 2);
    const awkward = fc.string({ unit: fc.constantFrom("{", "}", "[", "]", '"', "\\", "a", " ") });
    fc.assert(
      fc.property(
        fc.oneof(object, fc.dictionary(awkward, awkward)),
        spaces,
        awkward,
        fc.array(fc.nat(), { maxLength: 10 }),
        (value, indent, rest, cuts) => {
          const json = JSON.stringify(value, null, indent);
          const text = json + rest;
          const places = cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b);
          const parts = [0, ...places].map((from, index) => text.slice(from, places[index]));
          expect(parts.join("")).toBe(text);
          expect(endOf(...parts)).toBe(json.length);
        },
      ),
    );
  });

  it("is unknown for every beginning of an object", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
        const json = JSON.stringify(value);
        expect(endOf(json.slice(0, cut % json.length))).toBeNull();
      }),
    );
  });
});
