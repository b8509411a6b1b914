import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DriftRecords } from "./drift-records.ts";

const MODELS_MAX = 32;
const found = { kl: 0.5, sameTop1: true };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-drift-"));
  path = join(folder, "of", "models.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the drift of a model", () => {
  it("is that of all its repairs, whoever loaded it, and of no other model", () => {
    const records = new DriftRecords(null);
    records.logOf("a")(found);
    records.logOf("b")({ kl: 9, sameTop1: false });
    expect(records.logOf("a")({ kl: 1.5, sameTop1: false })).toEqual({
      repairs: 2,
      klMean: 1,
      klMax: 1.5,
      sameTop1Share: 0.5,
    });
  });

  it("outlives the process with a file, and leaves nothing else in its folder", () => {
    new DriftRecords(path).logOf("a")(found);
    expect(new DriftRecords(path).logOf("a")(found).repairs).toBe(2);
    expect(readdirSync(join(folder, "of"))).toEqual(["models.json"]);
  });

  it("takes in what another window has written", () => {
    const [one, other] = [new DriftRecords(path), new DriftRecords(path)];
    one.logOf("a")(found);
    other.logOf("a")(found);
    expect(one.logOf("a")(found).repairs).toBe(3);
  });

  it.each(["", "[1, 2]", "null", '{"a": {"repairs": "many"}}'])(
    "begins anew where the file says %j",
    (text) => {
      path = join(folder, "models.json");
      writeFileSync(path, text);
      expect(new DriftRecords(path).logOf("a")(found).repairs).toBe(1);
      expect(new DriftRecords(path).logOf("a")(found).repairs).toBe(2);
    },
  );

  it("is still told where it cannot be written", () => {
    writeFileSync(join(folder, "of"), "a file and no folder");
    expect(new DriftRecords(path).logOf("a")(found).repairs).toBe(1);
  });

  it(`is kept for ${MODELS_MAX} models: that of the one repaired least recently goes first`, () => {
    const records = new DriftRecords(path);
    for (let model = 0; model < MODELS_MAX; model++) records.logOf(`model ${model}`)(found);
    records.logOf("model 0")(found);
    records.logOf("model new")(found);
    expect(records.logOf("model 0")(found).repairs).toBe(3);
    expect(records.logOf("model 1")(found).repairs).toBe(1);
  });
});
