import { expect, it } from "vitest";
import { titleFrom } from "./session-title.ts";

it("is the first line that says anything, without spare white space", () => {
  expect(titleFrom("\n\n  Why   does\tit fail?\nHere is the log:")).toBe("Why does it fail?");
  expect(titleFrom(" \n ")).toBe("");
});

it("is short, and never ends in half a character", () => {
  expect(titleFrom("w".repeat(200))).toBe(`${"w".repeat(79)}…`);
  expect(titleFrom(`${"w".repeat(78)}🦉 and more`).isWellFormed()).toBe(true);
});
