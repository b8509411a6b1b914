import { expect, it } from "vitest";
import { actOf, sinceBeginning, slashLine } from "./slash-line.ts";

it("is what was typed", () => {
  expect(slashLine({ prompt: "Why?" })).toBe("Why?");
  expect(slashLine({ command: "fix", prompt: "the type" })).toBe("/fix the type");
  expect(slashLine({ command: "compact", prompt: "" })).toBe("/compact");
});

it("asks, unless something is done with the session alone", () => {
  expect(actOf(undefined, "/new is a command")).toBe("ask");
  expect(actOf("fix", "")).toBe("ask");
  expect(actOf("new", " ")).toBe("new");
  expect(actOf("new", "Why?")).toBe("ask");
  expect(actOf("compact", "please")).toBe("compact");
});

it("leaves behind what came before the session was begun or resumed", () => {
  const turn = (prompt: string, command?: string, failed = false) => ({
    prompt,
    command,
    failed,
  });
  const [one, two] = [turn("one"), turn("two")];
  expect(sinceBeginning([one, two])).toEqual([one, two]);
  expect(sinceBeginning([one, turn("", "new"), two])).toEqual([turn("", "new"), two]);
  expect(sinceBeginning([one, turn("x", "resume")])).toEqual([turn("x", "resume")]);
  expect(sinceBeginning([one, turn("x", "resume", true), two])).toHaveLength(3);
});
