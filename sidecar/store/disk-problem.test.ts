import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { diskProblem } from "./disk-problem.ts";
import { temporaryFolder } from "./store-folder.test-support.ts";

it("says what is wrong with a folder, without paths and codes", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  const failure = (work: () => void): unknown => {
    try {
      work();
    } catch (error) {
      return error;
    }
    throw new Error("It has not failed.");
  };
  expect(diskProblem(failure(() => mkdirSync(join(file, "below"))))).toBe(
    "a part of its path is a file and no folder",
  );
  expect(diskProblem(failure(() => mkdirSync(file)))).toBe("a file is in the place of its folder");
});

it("leaves other failures their own words", () => {
  expect(diskProblem(new Error("It has been closed."))).toBe("It has been closed.");
  expect(diskProblem("what?")).toBe("what?");
});
