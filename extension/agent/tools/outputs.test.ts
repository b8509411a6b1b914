import { describe, expect, it } from "vitest";
import { Output, Outputs } from "./outputs.ts";

describe("an output", () => {
  it("is kept as it came", () => {
    const output = new Output();
    for (const text of ["a", "", "b\n", "c"]) output.add(text);
    expect(output.text).toBe("ab\nc");
  });

  it("keeps its begin and its end, and says how much was lost between them", () => {
    const output = new Output();
    output.add("begin ");
    for (let count = 0; count < 300; count++) output.add("x".repeat(10_000));
    output.add(" end");
    const { text } = output;
    expect(text.startsWith("begin x")).toBe(true);
    expect(text.endsWith("x end")).toBe(true);
    const lost = Number(/\[(\d+) characters were not kept\]/u.exec(text)?.[1]);
    const kept = text.replace(/\n\[.*\]\n/u, "").length;
    expect(lost + kept).toBe(3_000_000 + "begin  end".length);
    expect(kept).toBeLessThanOrEqual(1_500_000);
  });
});

describe("kept outputs", () => {
  it("are found by their handles, the newest ones", () => {
    const outputs = new Outputs();
    const handles = Array.from({ length: 20 }, (_, index) => outputs.keep(`text ${index}`));
    expect(outputs.read(handles[19]!)).toBe("text 19");
    expect(outputs.read(handles[0]!)).toBeUndefined();
    expect(outputs.read("src/output.ts")).toBeNull();
  });
});
