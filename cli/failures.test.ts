import { expect, it } from "vitest";
import { exitCodeOf, sentenceOf, UsageError } from "./failures.ts";

it("shows the sentence of a typed error", () => {
  const data = { kind: "modelMissing", message: "There is no model file at x." };
  expect(sentenceOf(Object.assign(new Error("Request failed"), { data }))).toBe(data.message);
});

it("puts an error of several lines on one", () => {
  expect(sentenceOf(new Error("One.\n  Two.\n"))).toBe("One. Two.");
});

it("tells wrong use from failure", () => {
  expect(exitCodeOf(new UsageError("Wrong."))).toBe(2);
  expect(exitCodeOf(new Error("Failed."))).toBe(1);
});
