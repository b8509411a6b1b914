import { describe, expect, it } from "vitest";
import { turnsInEffect } from "./turns-in-effect.ts";

const ids = (...turns: { id: string; undoes?: string[] }[]) =>
  turnsInEffect(turns).map(({ id }) => id);

describe("turns in effect", () => {
  it("are those that were not taken back", () => {
    expect(ids({ id: "1" }, { id: "2" }, { id: "u", undoes: ["2"] })).toEqual(["1", "u"]);
  });

  it("are in effect again when what took them back was taken back", () => {
    const turns = [{ id: "1" }, { id: "u", undoes: ["1"] }, { id: "r", undoes: ["u"] }];
    expect(ids(...turns)).toEqual(["1", "r"]);
  });

  it("may be taken back once more", () => {
    const redone = [{ id: "1" }, { id: "u", undoes: ["1"] }, { id: "r", undoes: ["u"] }];
    expect(ids(...redone, { id: "v", undoes: ["1"] })).toEqual(["r", "v"]);
  });
});
