import { expect, it } from "vitest";
import { peersArguments } from "./arguments.ts";

const cases = ["edits", "chats"];

it("reads the case and the options in any order", () => {
  const run = { kind: "run", caseName: "edits", quick: false, json: false, threads: null };
  expect(peersArguments(["edits"], cases)).toEqual(run);
  expect(peersArguments(["--json", "edits", "--threads", "2", "--quick"], cases)).toEqual({
    ...run,
    quick: true,
    json: true,
    threads: 2,
  });
});

it.each([
  [[], "Name a case: the cases are edits, chats."],
  [["edit"], "There is no case “edit”; the cases are edits, chats."],
  [["edits", "chats"], "One case at a time; chats is too much."],
  [["edits", "--threads", "none"], "--threads has to be a whole number of at least 1."],
  [["edits", "--threads", "0"], "--threads has to be a whole number of at least 1."],
])("refuses %j in a sentence", (args, message) => {
  expect(peersArguments(args, cases)).toEqual({ kind: "wrong", message });
});

it("refuses an option that it does not know", () => {
  expect(peersArguments(["edits", "--fast"], cases).kind).toBe("wrong");
});
