import { describe, expect, it } from "vitest";
import { countChange } from "./change-count.ts";

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));

describe("the count of a change", () => {
  it("counts lines that came and went", () => {
    const count = countChange(bytesOf("1\n2\n3\n"), bytesOf("1\ntwo\nand a half\n3\n"));
    expect(count).toEqual({ addedLines: 2, removedLines: 1 });
  });

  it("counts all lines of a file that is made or deleted", () => {
    expect(countChange(null, bytesOf("1\n2\n"))).toEqual({ addedLines: 2, removedLines: 0 });
    expect(countChange(bytesOf("1\n2\n"), null)).toEqual({ addedLines: 0, removedLines: 2 });
  });

  it("counts no lines of what is no text", () => {
    const binary = new Uint8Array([0, 1, 2]);
    expect(countChange(binary, binary)).toEqual({ addedLines: 0, removedLines: 0 });
  });
});
