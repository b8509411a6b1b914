import { describe, expect, it } from "vitest";
import { view } from "../living/file-view.test-support.ts";
import { beginTurn } from "../window/begin-turn.ts";
import { answered, openedWindow } from "../window/window.test-support.ts";
import { budgetsFor, spentTokens } from "./budgets.ts";
import { countsOf } from "./counts.test-support.ts";

describe("budgets", () => {
  it("leave room for the answer that is asked for, or a quarter of the window", () => {
    expect(budgetsFor(1_000, 200).prompt).toBe(800);
    expect(budgetsFor(1_000, undefined).prompt).toBe(750);
  });

  it("count every token of a window in exactly one class", () => {
    const files = [{ uri: "f", view: { ...view("one\n"), label: "f" } }];
    const volatile = [{ name: "State", text: "calm" }];
    const window = answered(beginTurn(openedWindow(), { volatile, files, message: "Why?" }), "So.");
    const counts = countsOf(window);
    const spent = spentTokens(window, counts);
    const total = Object.values(counts.segments).reduce((sum, tokens) => sum + tokens, 0);
    expect(spent.prompt).toBe(total);
    expect(spent.history).toBe("Why?So.".length);
    expect(spent.files).toBe("f\n```ts\none\n```\n".length);
    expect(spent.volatile).toBe("State, as of now:\ncalm".length);
  });
});
