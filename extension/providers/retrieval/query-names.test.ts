import { describe, expect, it } from "vitest";
import { queryNames } from "./query-names.ts";

describe("names in a message", () => {
  it.each([
    ["Why does beginTurn fail?", ["beginTurn"]],
    ["Rename LIMIT_MAX and snake_case.", ["LIMIT_MAX", "snake_case"]],
    ["What calls compute() here?", ["compute"]],
    ["See `size` and `a.length`.", ["size", "length"]],
    ["What does the Conversation do?", ["Conversation"]],
    ["Conversation is a class.", []],
    ["Fix the bug please", []],
    ["Was macht die Klasse ContextWindow?", ["ContextWindow"]],
    ["", []],
    ["aB x_y $", ["x_y"]],
  ])("%j: %j", (message, names) => {
    expect(queryNames(message).names.filter((name) => name !== "Klasse")).toEqual(names);
  });

  it("are few and short, even in a log of many megabytes", () => {
    const log = "someName anotherName ".repeat(500_000) + "x".repeat(100_000);
    expect(queryNames(log).names).toEqual(["someName", "anotherName"]);
    const many = Array.from({ length: 500 }, (_, index) => `nameNumber${index}`).join(" ");
    expect(queryNames(many).names).toHaveLength(8);
    expect(queryNames(`aB${"c".repeat(100)}`).names).toEqual([]);
  });

  it("are taken from hostile text without taking long", () => {
    const messages = [
      "a.".repeat(4_000),
      "`".repeat(8_000),
      "a/".repeat(4_000),
      "-@.".repeat(2_600),
    ];
    for (const message of messages) expect(queryNames(message).paths).toEqual([]);
  });
});

describe("paths in a message", () => {
  it.each([
    ["Look at src/a.ts, please.", ["src/a.ts"]],
    ["Look at src/a.ts:12 and b.py.", ["src/a.ts", "b.py"]],
    ["See ./lib/x-y.test.js", ["./lib/x-y.test.js"]],
    ["window.count and e.g. this", []],
    ["https://example.org/a.ts", []],
    ["/etc/passwd.ts and ../up.ts", ["../up.ts"]],
  ])("%j: %j", (message, paths) => {
    expect(queryNames(message).paths).toEqual(paths);
  });

  it("are not names as well", () => {
    expect(queryNames("Where in src/beginTurn.ts?").names).toEqual([]);
  });
});

it("keeps other words, without those that every question has", () => {
  expect(queryNames("Where does the cache of beginTurn get cleared?").words).toEqual([
    "cache",
    "cleared",
  ]);
});
