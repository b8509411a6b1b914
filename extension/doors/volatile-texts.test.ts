import { expect, it } from "vitest";
import { openWindow } from "../context/window/open-window.ts";
import { refreshVolatile } from "../context/window/refresh-volatile.ts";
import type { Problem } from "./problem-lines.ts";
import { volatileTexts } from "./volatile-texts.ts";

const DAY = "2026-01-31";

function problem(label: string, line: number): Problem {
  return { label, line, message: `wrong\n  in ${line}` };
}

it("says nothing on the day of the session while nothing is wrong", () => {
  expect(volatileTexts(DAY, { today: DAY, problems: [] })).toEqual([]);
});

it("says the day when it is another, and leaves the one in the prefix alone", () => {
  const opening = { id: "w", instructions: "Be brief.", guidance: [], tools: [] } as const;
  const opened = openWindow({ ...opening, startedOn: DAY, transition: "agentCycle" });
  const texts = volatileTexts(opened.startedOn, { today: "2026-02-01", problems: [] });
  const { segments } = refreshVolatile(opened, texts).context;
  expect(segments.slice(0, -1)).toEqual(opened.context.segments);
  expect(segments.at(-1)?.text).toBe("Date, as of now:\n2026-02-01");
});

it("lists errors in one order and on one line each", () => {
  const problems = [problem("b.ts", 0), problem("a.ts", 4)];
  const listed = volatileTexts(DAY, { today: DAY, problems });
  expect(listed).toEqual([
    {
      name: "Errors in the files above",
      text: "a.ts, line 5: wrong in 4\nb.ts, line 1: wrong in 0",
    },
  ]);
  expect(volatileTexts(DAY, { today: DAY, problems: problems.toReversed() })).toEqual(listed);
});

it("counts the errors that it does not list", () => {
  const problems = Array.from({ length: 30 }, (_, line) => problem("a.ts", line));
  const [listed] = volatileTexts(DAY, { today: DAY, problems });
  expect(listed?.text.split("\n")).toHaveLength(21);
  expect(listed?.text).toContain("(and 10 more)");
});
