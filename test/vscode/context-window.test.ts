import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { erratumText } from "../../extension/context/living/erratum-text.ts";
import { type FileView, textOfView } from "../../extension/context/living/file-view.ts";
import type { SavedSession } from "../../extension/window/stored-session.ts";
import type { EditorWindow } from "./support/editor-window.ts";
import { sentContexts } from "./support/log.ts";
import type { MeterColumn } from "./support/meter.ts";
import { Session } from "./support/session.ts";
import {
  RELOAD_TEST_MS_MAX,
  reloadWithChat,
  storedChat,
  storedChatPath,
  storedChats,
} from "./support/stored-chats.ts";
import { waitFor } from "./support/wait-for.ts";

const FILE = "prices.ts";
/** Has more tokens than the name before. */
const RENAMED_FILE = "what-all-of-it-costs-in-cents.ts";
const LINES = Array.from(
  { length: 100 },
  (_, line) => `export const price${line} = ${line * 7}; // what item ${line} costs, in cents`,
);
/** Near the end, so that little stands behind it. */
const EDITED_LINE = 90;
const EDIT_WAIT_MS_MAX = 60_000;
const PREFILL_AHEAD = "kvasir.chat.prefillAhead";

function promptTokens({ reusedTokens, prefilledTokens }: MeterColumn): number {
  return reusedTokens + prefilledTokens;
}

function generatedIn({ window: { context } }: SavedSession): unknown[] {
  return context.segments.flatMap((segment) =>
    segment.role === "assistant" && segment.generated !== undefined ? [segment.generated] : [],
  );
}

function viewOf(lines: readonly string[]): FileView {
  const content = { kind: "text", text: lines.join("\n") } as const;
  return { label: FILE, language: "typescript", content, lines: null };
}

describe("a file in a chat", () => {
  let session: Session;
  let window: EditorWindow;
  let folder: string;
  let view = viewOf(LINES);
  let fileTokens: number;

  const count = async (text: string): Promise<number> =>
    // White space around a text is not its own token in a prompt.
    await window.probe.call("countTokens", text.trim());
  const sent = (): ReturnType<typeof sentContexts> => sentContexts(session.userFolder);
  /** Changes the file as typing would. */
  const edit = async (text: string): Promise<void> => {
    view = viewOf(LINES.with(EDITED_LINE, text));
    await window.probe.call("editLine", { path: FILE, line: EDITED_LINE, text });
  };
  /** Changes the file as another program would. */
  const write = (text: string): void => {
    const lines = LINES.with(EDITED_LINE, text);
    view = viewOf(lines);
    writeFileSync(join(folder, FILE), lines.join("\n"));
  };

  /** What was sent behind so many messages, once there is something. It is logged some time later. */
  const sentBehind = async (count: number): Promise<ReturnType<typeof sent>> =>
    await waitFor("something to be sent", () => {
      const behind = sent().slice(count);
      return behind.length > 0 ? behind : null;
    });
  const opens = (): number => sent().filter(({ kind }) => kind === "open").length;

  /**
   * What was made resident while nobody waited, when the file was written in place as it is now; so
   * only an edit is between two such counts. The chat is kept after that, and not before.
   */
  const foldedTurn = async (): Promise<MeterColumn> => {
    await waitFor(
      "the file to stand in the window as it is",
      () => {
        const file = storedChats(session.userFolder)[0]?.window.files[0];
        return file?.errataIds.length === 0 && textOfView(file.shown) === textOfView(view);
      },
      EDIT_WAIT_MS_MAX,
    );
    const { lastTurn } = await window.meter();
    expect(lastTurn.generatedTokens).toBe(0);
    return lastTurn;
  };

  /** By how much the prompt grows between two folds, and by how much the view of the file does. */
  const grownBy = async (act: () => void | Promise<void>) => {
    const [before, old] = [await foldedTurn(), view];
    await act();
    const after = await foldedTurn();
    return {
      after,
      prompt: promptTokens(after) - promptTokens(before),
      file: (await count(textOfView(view))) - (await count(textOfView(old))),
    };
  };

  beforeAll(async () => {
    // On battery as well.
    session = await Session.start({ settings: { [PREFILL_AHEAD]: "always" } });
    folder = session.makeWorkspace({ [FILE]: LINES.join("\n") });
    window = await session.openWindow(folder, FILE);
    await window.ready();
  });
  afterEach(({ task }) => session.showFailure(task));
  afterAll(() => session?.stop());

  it("is sent once, with the message that it is attached to", async () => {
    fileTokens = await count(textOfView(viewOf(LINES)));
    await window.attachOpenFile();
    await window.ask("@kvasir What are these?");
    await window.waitForStatus(/cached/);
    const { lastTurn } = await window.meter();
    expect(lastTurn.prefilledTokens).toBeGreaterThan(fileTokens);
    const [opened, ...others] = await sentBehind(0);
    expect(others).toEqual([]);
    expect(opened!.kind).toBe("open");
    expect(opened!.bytes).toBeGreaterThan(LINES.join("\n").length);
  });

  it("is edited in the window while nobody waits, by the changed text alone", async () => {
    await edit("export const price90 = 1; // cheaper");
    await foldedTurn();
    const sentBefore = sent().length;
    const { after, prompt, file } = await grownBy(() =>
      edit("export const price90 = 12345; // raised"),
    );
    expect(file).not.toBe(0);
    // The prompt is exactly what it was, but for the edited line.
    expect(prompt).toBe(file);
    expect(after.prefilledTokens).toBeLessThan(fileTokens / 2);
    for (const { kind, bytes } of await sentBehind(sentBefore)) {
      expect(kind).toBe("change");
      expect(bytes).toBeLessThan(1_000);
    }
    const { session: all } = await window.meter();
    await window.ask("What does item 90 cost?");
    await window.waitForStatus(/cached/);
    const { lastTurn, session: with2 } = await window.meter();
    expect(with2.prefilledTokens - all.prefilledTokens).toBeLessThan(100);
    expect(lastTurn.reusedTokens).toBeGreaterThan(fileTokens);
    await window.screenshot("edited-file-in-place");
  });

  it("has an edit reflected in the next answer without being sent again", async ({
    onTestFinished,
  }) => {
    // So that the edit is told by a note, and the answer stays the last turn, however slow all is.
    await window.probe.call("configure", { [PREFILL_AHEAD]: "never" });
    onTestFinished(() => window.probe.call("configure", { [PREFILL_AHEAD]: "always" }));
    const { lastTurn: before } = await window.meter();
    const sentBefore = sent().length;
    const [old, question] = [view, "And how much is it now?"];
    await window.send(question, () =>
      edit("export const price90 = 54321; // raised again, and by more than before"),
    );
    await window.finishedAnswer();
    const { lastTurn: after } = await window.meter();
    const told = await count(erratumText(old, view));
    expect(after.reusedTokens).toBeGreaterThan(fileTokens * 0.9);
    expect(after.prefilledTokens).toBeLessThan(200);
    const grown = promptTokens(after) - promptTokens(before) - before.generatedTokens;
    // What the template puts around the question and the note.
    const overhead = grown - told - (await count(question));
    expect(overhead).toBeGreaterThan(0);
    expect(overhead).toBeLessThan(20);
    for (const { kind, bytes } of await sentBehind(sentBefore)) {
      expect(kind).toBe("change");
      expect(bytes).toBeLessThan(2_000);
    }
    await window.screenshot("edited-file-in-next-answer");
  });

  it("is followed on the disk when no editor has it open", async () => {
    await window.probe.call("execute", { command: "workbench.action.files.saveAll" });
    await window.probe.call("execute", { command: "workbench.action.closeAllEditors" });
    write("export const price90 = 7; // so that there is something to take in");
    await foldedTurn();
    const opensBefore = opens();
    const { prompt, file } = await grownBy(() =>
      write("export const price90 = 1; // written by another program"),
    );
    expect(prompt).toBe(file);
    expect(opens()).toBe(opensBefore);
  });

  it(
    "is still in the chat, with all that was said, after the window is reloaded",
    async () => {
      const before = storedChat(session.userFolder);
      const opensBefore = opens();
      await reloadWithChat(window, session.userFolder);
      await window.ask("Do you remember the prices?");
      await window.waitForStatus(/cached/);
      // Told again from the chat view, it would be another chat without the ids of its answers.
      const after = await waitFor("the chat to be stored", () => {
        const chat = storedChat(session.userFolder);
        return chat.turns.length > before.turns.length ? chat : null;
      });
      expect(after.turns.slice(0, -1)).toEqual(before.turns);
      expect(generatedIn(after).slice(0, -1)).toEqual(generatedIn(before));
      await expect.poll(opens).toBe(opensBefore + 1);
      const { lastTurn } = await window.meter();
      expect(promptTokens(lastTurn)).toBeGreaterThan(fileTokens);
      await window.screenshot("reloaded-chat");
    },
    RELOAD_TEST_MS_MAX,
  );

  it(
    "is told again when what was kept of the chat cannot be read",
    async () => {
      await reloadWithChat(window, session.userFolder);
      writeFileSync(storedChatPath(session.userFolder), '{"schema":1,');
      const answer = await window.ask("And now?");
      expect(answer).toContain("What was kept of this chat cannot be read, so it is told again");
      await window.screenshot("unreadable-chat");
    },
    RELOAD_TEST_MS_MAX,
  );

  it("is shown under its new name when it is renamed, and as gone when it is deleted", async () => {
    // It was told again with the chat; now it is folded once.
    write("export const price90 = 2;");
    const renamed = await grownBy(async () => {
      view = { ...view, label: RENAMED_FILE };
      await window.probe.call("renameFile", { from: FILE, to: RENAMED_FILE });
    });
    expect(renamed.prompt).toBe(renamed.file);
    const deleted = await grownBy(() => {
      view = { ...view, content: { kind: "missing", reason: "it was deleted" } };
      rmSync(join(folder, RENAMED_FILE));
    });
    expect(deleted.prompt).toBe(deleted.file);
    await window.screenshot("deleted-file");
  });
});
