import { describe, expect, it } from "vitest";
import { fileProblem } from "./file-problem.ts";

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: no such thing, open '/a/b'`), { code });
}

describe("a problem with a file", () => {
  it.each([
    ["EACCES", "it is not permitted"],
    ["ENOSPC", "the disk is full"],
    ["ENOTDIR", "a file stands where a folder is needed"],
    ["EUNUSUAL", "the system answered with EUNUSUAL"],
  ])("is said in words: %s", (code, clause) => {
    expect(fileProblem(systemError(code))).toBe(clause);
  });

  it("is said as it was when it is not the system's", () => {
    expect(fileProblem(new Error("The file was replaced."))).toBe("The file was replaced");
    const other = Object.assign(new Error("Not now."), { code: "NoPermissions" });
    expect(fileProblem(other)).toBe("Not now");
  });
});
