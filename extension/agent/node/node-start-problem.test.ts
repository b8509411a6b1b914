import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startProblem } from "./node-start-problem.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: no such thing, spawn sh`), { code });
}

describe("a program that does not start", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "kvasir-start-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const say = (code: string, where: string) =>
    startProblem(systemError(code), { program: "The shell", folder: where });

  it("was not found where its folder is there", async () => {
    expect(await say("ENOENT", folder)).toBe("The shell was not found.");
  });

  it("has no folder where that is gone", async () => {
    const gone = join(folder, "gone");
    expect(await say("ENOENT", gone)).toBe(`There is no folder ${gone}.`);
  });

  it("says why otherwise", async () => {
    expect(await say("EACCES", folder)).toBe(
      "The shell could not be started: it is not permitted.",
    );
  });
});
