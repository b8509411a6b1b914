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
  EDITOR_STORES_MS_MAX,
  isInEditorsOwnStore,
  storedChat,
  storedChatPath,
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

function promptTokens({ reusedTokens, prefilledTokens }: MeterColumn): number {
  return reusedTokens + prefilledTokens;
}

const RELOAD_TEST_MS_MAX = 180_000;

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
  let lines = LINES;
  let fileTokens: number;

  const count = async (text: string): Promise<number> =>
    // White space around a text is not its own token in a prompt.
    await window.probe.call("countTokens", text.trim());
  const sent = (): ReturnType<typeof sentContexts> => sentContexts(session.userFolder);
  /** Changes the file as typing would. */
  const edit = async (text: string): Promise<void> => {
    lines = lines.with(EDITED_LINE, text);
    await window.probe.call("editLine", { path: FILE, line: EDITED_LINE, text });
  };

  /** What was made resident while nobody waited, so that only an edit is between two counts. */
  const idleTurn = async (): Promise<MeterColumn> =>
    await waitFor(
      "the idle window",
      async () => {
        const { lastTurn } = await window.meter();
        return lastTurn.generatedTokens === 0 ? lastTurn : null;
      },
      EDIT_WAIT_MS_MAX,
    );

  beforeAll(async () => {
    session = await Session.start();
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
    expect(sent().map(({ kind }) => kind)).toEqual(["open"]);
    expect(sent()[0]!.bytes).toBeGreaterThan(LINES.join("\n").length);
  });

  it("is edited in the window while nobody waits, by the changed text alone", async () => {
    await edit("export const price90 = 1; // cheaper");
    const before = await idleTurn();
    const sentBefore = sent().length;
    const old = lines;
    await edit("export const price90 = 12345; // raised");
    const grownBy =
      (await count(textOfView(viewOf(lines)))) - (await count(textOfView(viewOf(old))));
    expect(grownBy).not.toBe(0);
    const after = await waitFor(
      "the edit to be taken in",
      async () => {
        const { lastTurn } = await window.meter();
        return promptTokens(lastTurn) === promptTokens(before) ? null : lastTurn;
      },
      EDIT_WAIT_MS_MAX,
    );
    // The prompt is exactly what it was, but for the edited line.
    expect(promptTokens(after) - promptTokens(before)).toBe(grownBy);
    expect(after.prefilledTokens).toBeLessThan(fileTokens / 2);
    for (const { kind, bytes } of sent().slice(sentBefore)) {
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

  it("has an edit reflected in the next answer without being sent again", async () => {
    const { lastTurn: before } = await window.meter();
    const sentBefore = sent().length;
    const [old, question] = [lines, "And how much is it now?"];
    await window.page.locator(".interactive-input-part .monaco-editor").first().click();
    await window.page.keyboard.type(question);
    await edit("export const price90 = 54321; // raised again, and by more than before");
    await window.page.keyboard.press("Enter");
    await window.page.locator(".interactive-request", { hasText: question }).last().waitFor();
    // A while after the answer, the fold makes another turn the last one.
    const after = await waitFor("the answer in the meter", async () => {
      const { lastTurn } = await window.meter();
      const isAnswer = lastTurn.generatedTokens > 0;
      return isAnswer && promptTokens(lastTurn) > promptTokens(before) ? lastTurn : null;
    });
    // The edit is told by a note, or has been written in place if the editor was slow to ask.
    const told = await count(erratumText(viewOf(old), viewOf(lines)));
    const [oldTokens, newTokens] = [
      await count(textOfView(viewOf(old))),
      await count(textOfView(viewOf(lines))),
    ];
    expect(after.reusedTokens).toBeGreaterThan(fileTokens * 0.9);
    expect(after.prefilledTokens).toBeLessThan(200);
    const rest =
      promptTokens(after) - promptTokens(before) - before.generatedTokens - (await count(question));
    // What the template puts around the question, beside the edit.
    const overheads = [rest - told, rest - (newTokens - oldTokens)];
    expect(overheads.some((tokens) => tokens > 0 && tokens < 20)).toBe(true);
    for (const { kind, bytes } of sent().slice(sentBefore)) {
      expect(kind).toBe("change");
      expect(bytes).toBeLessThan(2_000);
    }
    await window.screenshot("edited-file-in-next-answer");
  });

  it("is followed on the disk when no editor has it open", async () => {
    await window.probe.call("execute", { command: "workbench.action.files.saveAll" });
    await window.probe.call("execute", { command: "workbench.action.closeAllEditors" });
    const [before, known] = [await idleTurn(), textOfView(viewOf(lines))];
    const opens = sent().filter(({ kind }) => kind === "open").length;
    lines = lines.with(EDITED_LINE, "export const price90 = 1; // written by another program");
    writeFileSync(join(folder, FILE), lines.join("\n"));
    const after = await waitFor(
      "the change to be taken in",
      async () => {
        const { lastTurn } = await window.meter();
        return promptTokens(lastTurn) === promptTokens(before) ? null : lastTurn;
      },
      EDIT_WAIT_MS_MAX,
    );
    const grownBy = (await count(textOfView(viewOf(lines)))) - (await count(known));
    expect(promptTokens(after) - promptTokens(before)).toBe(grownBy);
    expect(sent().filter(({ kind }) => kind === "open").length).toBe(opens);
  });

  it(
    "is still in the chat, with all that was said, after the window is reloaded",
    async () => {
      const before = storedChat(session.userFolder);
      const opens = sent().filter(({ kind }) => kind === "open").length;
      // The editor stores what its chat view shows once a minute.
      await waitFor(
        "the editor to store its chat",
        () => isInEditorsOwnStore(session.userFolder, before.turns.at(-1)!.id),
        EDITOR_STORES_MS_MAX,
      );
      await window.reloadWithChat();
      await window.ask("Do you remember the prices?");
      await window.waitForStatus(/cached/);
      // Told again from the chat view, it would be another chat without the ids of its answers.
      const after = await waitFor("the chat to be stored", () => {
        const chat = storedChat(session.userFolder);
        return chat.turns.length > before.turns.length ? chat : null;
      });
      expect(after.turns.slice(0, -1)).toEqual(before.turns);
      expect(generatedIn(after).slice(0, -1)).toEqual(generatedIn(before));
      expect(sent().filter(({ kind }) => kind === "open").length).toBe(opens + 1);
      const { lastTurn } = await window.meter();
      expect(promptTokens(lastTurn)).toBeGreaterThan(fileTokens);
      await window.screenshot("reloaded-chat");
    },
    RELOAD_TEST_MS_MAX,
  );

  it("is told again when what was kept of the chat cannot be read", async () => {
    await window.reloadWithChat();
    writeFileSync(storedChatPath(session.userFolder), '{"schema":1,');
    const answer = await window.ask("And now?");
    expect(answer).toContain("What was kept of this chat cannot be read, so it is told again");
    await window.screenshot("unreadable-chat");
  });

  it("is shown under its new name when it is renamed, and as gone when it is deleted", async () => {
    const change = async (act: () => void | Promise<void>): Promise<number> => {
      const before = await idleTurn();
      await act();
      const after = await waitFor(
        "the change to be taken in",
        async () => {
          const { lastTurn } = await window.meter();
          return promptTokens(lastTurn) === promptTokens(before) ? null : lastTurn;
        },
        EDIT_WAIT_MS_MAX,
      );
      return promptTokens(after) - promptTokens(before);
    };
    // Makes the window idle: the file has been told again, and is now changed once.
    lines = lines.with(EDITED_LINE, "export const price90 = 2;");
    writeFileSync(join(folder, FILE), lines.join("\n"));
    const [old, renamed] = [viewOf(lines), { ...viewOf(lines), label: RENAMED_FILE }];
    const gone = { kind: "missing", reason: "it was deleted" } as const;
    const grownByRenaming = await change(() =>
      window.probe.call("renameFile", { from: FILE, to: RENAMED_FILE }),
    );
    expect(grownByRenaming).toBe(
      (await count(textOfView(renamed))) - (await count(textOfView(old))),
    );
    const grownByDeleting = await change(() => rmSync(join(folder, RENAMED_FILE)));
    expect(grownByDeleting).toBe(
      (await count(textOfView({ ...renamed, content: gone }))) - (await count(textOfView(renamed))),
    );
    await window.screenshot("deleted-file");
  });
});
