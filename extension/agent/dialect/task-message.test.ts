import { describe, expect, it } from "vitest";
import { taskMessage, type TaskSubject } from "./task-message.ts";

const nothing: TaskSubject = { places: [], problems: [] };
const lines: TaskSubject = {
  places: ["src/a.ts, lines 3–9"],
  problems: [{ label: "src/a.ts", line: 3, message: "'x' is\n  possibly null." }],
};

describe("the message of a task", () => {
  it("names the lines that it is about", () => {
    expect(taskMessage("explain", lines, "")).toContain("src/a.ts, lines 3–9");
  });

  it("names all files that are attached", () => {
    const places = ["a.ts", "b.ts", "c.ts"];
    expect(taskMessage("tests", { places, problems: [] }, "")).toContain("a.ts, b.ts and c.ts");
  });

  it("refers to the conversation where nothing is attached or open", () => {
    expect(taskMessage("refactor", nothing, "")).toBe(
      "Refactor the code that this is about. What it does stays as it is.",
    );
  });

  it("keeps what the user has typed, word for word, at its end", () => {
    const typed = "but keep  the name\n\n- and the order";
    expect(taskMessage("refactor", lines, typed).endsWith(`\n\n${typed}`)).toBe(true);
  });

  it("says what the editor reports, in short lines, when something is to be fixed", () => {
    expect(taskMessage("fix", lines, "")).toContain("src/a.ts, line 4: 'x' is possibly null.");
    expect(taskMessage("doc", lines, "")).not.toContain("possibly null");
  });

  it("leaves to the user what is wrong, if the user says so", () => {
    expect(taskMessage("fix", lines, "the spelling")).not.toContain("possibly null");
  });
});
