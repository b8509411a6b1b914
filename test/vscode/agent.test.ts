import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, edit, finish, read, says } from "../support/scripted-agent.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { type ScriptedSession, startScriptedSession } from "./support/scripted-session.ts";

const PRICES = `export function total(prices: readonly number[]): number {
  return prices.reduce((sum, price) => sum + price, 0);
}
`;

describe("the agent in the chat view", () => {
  let scripted: ScriptedSession;
  let window: EditorWindow;
  let folder: string;
  const onDisk = (path: string): string => readFileSync(join(folder, path), "utf8");

  beforeAll(async () => {
    scripted = await startScriptedSession();
    folder = scripted.session.makeWorkspace({
      "prices.ts": PRICES,
      "src/deep/other.ts": "let a;\n",
    });
    window = await scripted.session.openWindow(folder, "prices.ts");
    await window.ready();
  });
  afterEach(({ task }) => scripted.session.showFailure(task));
  afterAll(() => scripted?.session.stop());

  it("explores", async () => {
    scripted.script(
      read("prices.ts"),
      { text: "I change it now.", ...edit("prices.ts", "price, 0)", "price, 1)") },
      call("run_command", { command: "seq 1 20 && echo done", seconds: 20 }),
      call("search_text", { regex: "reduce", glob: "" }),
      call("diagnostics", { path: "prices.ts" }),
      call("ask_user", { question: "Which colour?", options: ["Red", "Blue"] }),
      finish("The sum begins at 1 now."),
    );
    await window.send("@kvasir Begin the sum at 1.");
    await new Promise((r) => setTimeout(r, 12_000));
    await window.screenshot("x-1");
    for (let i = 2; i < 6; i++) {
      const b = window.page
        .locator(".interactive-response .monaco-button", { hasText: /Allow Once|Blue/ })
        .last();
      await b.click();
      await new Promise((r) => setTimeout(r, 5_000));
      await window.screenshot(`x-${i}`);
      console.log(await window.answer.innerText());
      if (!(await window.isAnswering())) break;
    }
    console.log(await window.finishedAnswer());
    await window.screenshot("x-9");
    expect(onDisk("prices.ts")).toContain("price, 1)");
    void says;
  });
});
