import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ScriptedAnswer } from "../../cli/scripted/script-file.ts";
import { call, edit, finish, read, says } from "../support/scripted-agent.ts";
import { answerWithSteps, choiceIn, choose } from "./support/agent-chat.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { type ScriptedSession, startScriptedSession } from "./support/scripted-session.ts";
import { messagesIn, storedChats } from "./support/stored-chats.ts";
import { waitFor } from "./support/wait-for.ts";

const PRICES = `export function total(prices: readonly number[]): number {
  return prices.reduce((sum, price) => sum + price, 0);
}
`;
const run = (command: string): ScriptedAnswer => call("run_command", { command, seconds: 60 });

describe("the agent in the chat view", () => {
  let scripted: ScriptedSession;
  let window: EditorWindow;
  let folder: string;
  const onDisk = (path: string): string => readFileSync(join(folder, path), "utf8");

  beforeAll(async () => {
    scripted = await startScriptedSession();
    folder = scripted.session.makeWorkspace({ "prices.ts": PRICES, "notes.md": "a\nb\nc\n" });
    window = await scripted.session.openWindow(folder, "prices.ts");
    await window.ready();
    // It stays for the chats behind this one.
    scripted.script(says("Hello!"));
    await window.ask("@kvasir Hello?");
  });
  beforeEach(() => window.newChat());
  afterEach(({ task }) => scripted.session.showFailure(task));
  afterAll(() => scripted?.session.stop());

  it("shows each step, with the files that it is about and what a command said", async () => {
    scripted.script(
      read("prices.ts"),
      { text: "I count to twenty.", ...run("seq 1 20") },
      call("search_text", { regex: "reduce", glob: "" }),
      call("diagnostics", { path: "prices.ts" }),
      read("no-such.ts"),
      finish("Counted."),
    );
    await window.send("Count.");
    await choose(window, "Allow Once");
    const answer = await answerWithSteps(window);
    for (const step of [
      /Reading\s+prices\.ts\s+· 3 lines/,
      /I count to twenty\./,
      /Running seq 1 20 · Exit code 0\./,
      /…\n15\n16\n17\n18\n19\n20/,
      /Searching for reduce · 1 line/,
      /Looking at the problems of\s+prices\.ts\s+· none/,
      /Reading no-such\.ts · There is no file no-such\.ts\./,
      /Counted\./,
    ]) {
      expect(answer).toMatch(step);
    }
    expect(answer).not.toContain("Finishing");
    await window.page
      .locator(".terminal-tab, .single-terminal-tab", { hasText: "Kvasir" })
      .waitFor();
    await window.screenshot("agent-steps");
    const { lastTurn } = await window.meter();
    expect(lastTurn.reusedTokens).toBeGreaterThan(lastTurn.prefilledTokens);
  });

  it("does not run a command that the user denies, and tells the model so", async () => {
    scripted.script(run("touch denied.txt"), says("Then I leave it."));
    await window.send("Make a file.");
    await choiceIn(window, "Deny").waitFor();
    await window.screenshot("agent-approval");
    await choose(window, "Deny");
    const answer = await answerWithSteps(window);
    expect(answer).toMatch(/Running touch denied\.txt · The command was not run: the user said no/);
    expect(answer).toContain("Then I leave it.");
    expect(existsSync(join(folder, "denied.txt"))).toBe(false);
  });

  it("asks once for changes that are allowed in this chat, and again in the next chat", async () => {
    scripted.script(
      edit("notes.md", "a", "A"),
      edit("notes.md", "b", "B"),
      finish("Both are large."),
    );
    await window.send("Make them large.");
    await choose(window, "in this chat");
    const answer = await answerWithSteps(window);
    expect(answer.match(/Change notes\.md\?/g)).toHaveLength(1);
    expect(answer).toMatch(/Changed\s+notes\.md\s+\+2 −2/);
    expect(onDisk("notes.md")).toBe("A\nB\nc\n");
    await window.newChat();
    scripted.script(edit("notes.md", "c", "C"), says("Then not."));
    await window.send("The last one too.");
    await choose(window, "Deny");
    await window.finishedAnswer();
    expect(onDisk("notes.md")).toBe("A\nB\nc\n");
  });

  it("keeps what is always allowed for exactly that command, until it is told to forget", async () => {
    const turn = async (command: string, answer: string | null): Promise<string> => {
      await window.newChat();
      scripted.script(run(command), says("Done."));
      await window.send(`Please ${command}`);
      if (answer !== null) await choose(window, answer);
      return await window.finishedAnswer();
    };
    // A new file each time.
    const first = "mktemp first.XXXX";
    const second = "mktemp second.XXXX";
    const made = (): string[] =>
      readdirSync(folder).flatMap((name) => /^(first|second)\./u.exec(name)?.[1] ?? []);
    await turn(first, "always in this workspace");
    expect(await turn(first, null)).not.toContain("Run this command?");
    expect(made()).toEqual(["first", "first"]);
    await turn(second, "Deny");
    await window.probe.call("execute", { command: "kvasir.forgetApprovals" });
    await turn(first, "Deny");
    expect(made()).toEqual(["first", "first"]);
    await window.dismissNotifications();
  });

  it("asks about what is dangerous each time, without offering more", async () => {
    scripted.script(run("rm -rf build"), says("All right."));
    await window.send("Clean up.");
    await choiceIn(window, "Deny").waitFor();
    expect(await window.answer.innerText()).toMatch(/Run this command\? It .+\./);
    expect(await choiceIn(window, "always in this workspace").count()).toBe(0);
    await choose(window, "Deny");
    await window.finishedAnswer();
  });

  it("passes questions of the model on, to be answered by a choice or in words", async () => {
    scripted.script(
      call("ask_user", { question: "Which colour?", options: ["Red", "Blue"] }),
      call("ask_user", { question: "And how dark?", options: [] }),
      finish("Painted."),
    );
    await window.send("Paint it.");
    await choose(window, "Blue");
    // The first question has such a link too, and the second one is announced before it is asked.
    await window.answer.locator("a", { hasText: "Type an answer…" }).nth(1).waitFor();
    await choose(window, "Type an answer…");
    const input = window.page.locator(".quick-input-widget .quick-input-box input");
    await input.fill("Like the night");
    await window.screenshot("agent-question");
    await input.press("Enter");
    const answer = await answerWithSteps(window);
    expect(answer).toContain("Asking: Which colour? · Blue");
    expect(answer).toContain("Asking: And how dark? · Like the night");
  });

  it("stops a command in the middle, and goes on with the next message", async () => {
    scripted.script(run("echo begun > stopped.txt; sleep 300; echo ended > stopped.txt"));
    await window.send("Take your time.");
    await choose(window, "Allow Once");
    await waitFor("the command to begin", () => existsSync(join(folder, "stopped.txt")));
    await window.stopAnswer();
    await window.finishedAnswer();
    scripted.script(read("stopped.txt"), says("It had begun."));
    const answer = await window.ask("How far did you come?");
    expect(answer).toContain("It had begun.");
    expect(onDisk("stopped.txt")).toBe("begun\n");
    const { lastTurn } = await window.meter();
    expect(lastTurn.reusedTokens).toBeGreaterThan(lastTurn.prefilledTokens);
  });

  it("keeps a stopped turn whose command takes longer to end than the editor waits", async () => {
    const kept = (message: string) =>
      storedChats(scripted.session.userFolder).find(
        ({ turns }) => turns.at(-1)?.prompt === message,
      ) ?? null;
    writeFileSync(join(folder, "pace.md"), "fast\n");
    scripted.script(says("I am ready."));
    await window.ask("Are you ready?");
    await window.probe.call("configure", { "kvasir.agent.edits": "allow" });
    // It ignores the request to end, and is killed two seconds later.
    const stubborn = run("trap '' TERM; echo begun > stubborn.txt; sleep 300");
    scripted.script(edit("pace.md", "fast", "slow"), stubborn);
    await window.send("Be slow.");
    await choose(window, "Allow Once");
    await waitFor("the command to begin", () => existsSync(join(folder, "stubborn.txt")));
    await window.stopAnswer();
    await window.finishedAnswer();
    const stopped = await waitFor("the turn to be kept", () => kept("Be slow."));
    await window.probe.call("configure", { "kvasir.agent.edits": "ask" });
    expect(stopped.turns.map(({ prompt, cancelled }) => ({ prompt, cancelled }))).toEqual([
      { prompt: "Are you ready?", cancelled: false },
      { prompt: "Be slow.", cancelled: true },
    ]);
    const texts = stopped.window.context.segments.map(({ text }) => text);
    expect(texts.join("\n")).toContain("Stopped by the user.");
    expect(onDisk("pace.md")).toBe("slow\n");
    scripted.script(read("pace.md"), says("As slow as that."));
    expect(await window.ask("How slow were you?")).toContain("As slow as that.");
    // It is free, and knows what it has done.
    const next = await waitFor("the next turn to be kept", () => kept("How slow were you?"));
    expect(next.id).toBe(stopped.id);
    expect(next.turns.slice(0, -1)).toEqual(stopped.turns);
    expect(messagesIn(next)).toEqual(["Are you ready?", "Be slow.", "How slow were you?"]);
    await window.screenshot("agent-slow-stop");
  });

  it("stops while it waits for an answer, and takes none for that question any more", async () => {
    scripted.script(run("echo late > late.txt"));
    await window.send("Wait for me.");
    await choiceIn(window, "Allow Once").waitFor();
    await window.stopAnswer();
    await answerWithSteps(window);
    await choose(window, "Allow Once");
    await window.page.getByText("This question has been answered already").first().waitFor();
    expect(existsSync(join(folder, "late.txt"))).toBe(false);
    await window.dismissNotifications();
    scripted.script(says("I am back."));
    expect(await window.ask("Are you there?")).toContain("I am back.");
  });

  it("ends a turn whose model says nothing that can be read, in one sentence", async () => {
    const garbage = says('<tool_call>\n{"name": "read_file", "arguments": {"path": ');
    scripted.script(garbage, garbage, garbage);
    await window.send("Say something.");
    const answer = await answerWithSteps(window);
    expect(answer).toContain(
      "The model answered 3 times in a row without a call that can be read.",
    );
    await window.screenshot("agent-garbage");
  });

  it("ends a turn at its limit of steps", async () => {
    await window.probe.call("configure", { "kvasir.agent.stepsMax": 2 });
    scripted.script(read("prices.ts"), read("notes.md"), says("Never said."));
    await window.send("Go on and on.");
    const answer = await answerWithSteps(window);
    expect(answer).toContain("The agent has taken 2 steps, its limit for one turn.");
    await window.probe.call("configure", { "kvasir.agent.stepsMax": 50 });
  });
});
