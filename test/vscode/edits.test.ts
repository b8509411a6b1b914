import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { EditorWindow } from "./support/editor-window.ts";
import { Session } from "./support/session.ts";
import { waitFor } from "./support/wait-for.ts";

const LINES = "one\ntwo\nthree\nfour\nfive\n";

describe("edits of an agent in the editor", () => {
  let session: Session;
  let window: EditorWindow;
  let folder: string;
  let turns = 0;

  const at = (name: string): string => join(folder, name);
  const onDisk = (name: string): string => readFileSync(at(name), "latin1");
  const document = (name: string) => window.probe.call("document", at(name));
  const shown = async (name: string) => (await document(name))?.text;
  const open = (name: string) => window.probe.call("openFile", at(name));
  const type = (name: string, line: number, text: string) =>
    window.probe.call("editLine", { path: name, line, text });
  const change = (
    name: string,
    search: string,
    replace: string,
    meanwhile?: { line: number; text: string },
  ) =>
    window.probe.call("changeFile", {
      turn: `${turns}`,
      path: at(name),
      search,
      replace,
      ...(meanwhile && { meanwhile }),
    });
  const undoByKey = async (): Promise<void> => {
    await window.probe.call("execute", { command: "workbench.action.focusActiveEditorGroup" });
    await window.probe.call("execute", { command: "undo" });
  };

  beforeAll(async () => {
    session = await Session.start();
    folder = session.makeWorkspace({});
    window = await session.openWindow(folder);
    await window.probe.call("openChanges", mkdtempSync(join(tmpdir(), "kvasir-changes-")));
  });
  afterEach(async ({ task }) => {
    turns++;
    await session.showFailure(task);
  });
  afterAll(() => session?.stop());

  it("stand on disk, and one Ctrl+Z takes them back", async () => {
    writeFileSync(at("a.txt"), LINES);
    await open("a.txt");
    expect(await change("a.txt", "two", "2")).toBe("applied");
    expect(onDisk("a.txt")).toBe(LINES.replace("two", "2"));
    expect(await document("a.txt")).toEqual({ text: LINES.replace("two", "2"), isDirty: false });
    await undoByKey();
    await expect.poll(() => document("a.txt")).toEqual({ text: LINES, isDirty: true });
  });

  it("reach a file that is not open, without opening a tab for it", async () => {
    writeFileSync(at("closed.txt"), LINES);
    expect(await change("closed.txt", "two", "2")).toBe("applied");
    expect(onDisk("closed.txt")).toBe(LINES.replace("two", "2"));
    expect(await window.page.locator(".tab", { hasText: "closed.txt" }).count()).toBe(0);
  });

  it("join what is not saved, and leave it to the user to save it", async () => {
    writeFileSync(at("unsaved.txt"), LINES);
    await open("unsaved.txt");
    await type("unsaved.txt", 4, "FIVE");
    expect(await change("unsaved.txt", "two", "2")).toBe("applied");
    const text = LINES.replace("two", "2").replace("five", "FIVE");
    expect(await document("unsaved.txt")).toEqual({ text, isDirty: true });
    expect(onDisk("unsaved.txt")).toBe(LINES);
    await undoByKey();
    await expect.poll(() => shown("unsaved.txt")).toBe(LINES.replace("five", "FIVE"));
  });

  it("are saved before a command runs that has to see them", async () => {
    writeFileSync(at("command.txt"), LINES);
    await open("command.txt");
    await type("command.txt", 4, "FIVE");
    await change("command.txt", "two", "2");
    expect(await window.probe.call("saveForCommand", `${turns}`)).toEqual([at("command.txt")]);
    expect(onDisk("command.txt")).toBe(LINES.replace("two", "2").replace("five", "FIVE"));
  });

  it("keep line ends and the byte order mark", async () => {
    const text = `\xef\xbb\xbf${LINES.replaceAll("\n", "\r\n")}`;
    writeFileSync(at("crlf.txt"), text, "latin1");
    await open("crlf.txt");
    expect(await change("crlf.txt", "two", "2\r\n2.5")).toBe("applied");
    expect(onDisk("crlf.txt")).toBe(text.replace("two", "2\r\n2.5"));
    expect((await document("crlf.txt"))?.isDirty).toBe(false);
  });

  it.each([
    ["line ends that differ", "mixed.txt", "one\r\ntwo\nthree\r\n"],
    ["an encoding that the editor was not told of", "cafe.txt", "caf\xe9\ntwo\nthree\n"],
  ])("change nothing else in a file with %s", async (_, name, before) => {
    writeFileSync(at(name), before, "latin1");
    await open(name);
    expect(await change(name, "two", "2")).toBe("applied");
    expect(onDisk(name)).toBe(before.replace("two", "2"));
    await expect.poll(() => shown(name)).toMatch(/^2\r?$/m);
    expect((await document(name))?.isDirty).toBe(false);
  });

  it("are not formatted when they are saved, and one Ctrl+Z still takes them back", async () => {
    await window.probe.call("configure", { "files.trimTrailingWhitespace": true });
    const before = "one   \ntwo\nthree   \n";
    writeFileSync(at("spaces.txt"), before);
    await open("spaces.txt");
    expect(await change("spaces.txt", "two", "2  ")).toBe("applied");
    expect(onDisk("spaces.txt")).toBe(before.replace("two", "2  "));
    await undoByKey();
    await expect.poll(() => shown("spaces.txt")).toBe(before);
    await window.probe.call("configure", { "files.trimTrailingWhitespace": false });
  });

  it("go together with what the user types meanwhile", async () => {
    writeFileSync(at("typing.txt"), LINES);
    await open("typing.txt");
    expect(await change("typing.txt", "two", "2", { line: 4, text: "FIVE" })).toBe("applied");
    const text = LINES.replace("two", "2").replace("five", "FIVE");
    expect(await document("typing.txt")).toEqual({ text, isDirty: true });
  });

  it("keep what the user types while they are saved", async () => {
    writeFileSync(at("saving.txt"), LINES);
    await open("saving.txt");
    await window.probe.call("changeWhileSaving", { how: "type", text: "Typed. " });
    expect(await change("saving.txt", "four", "4")).toBe("applied");
    const text = `Typed. ${LINES.replace("four", "4")}`;
    expect((await document("saving.txt"))?.text).toBe(text);
    expect(onDisk("saving.txt")).toBe(text);
    await window.probe.call("endTurn", `${turns}`);
    await window.probe.call("takeBack", { turn: `${turns}`, how: "undo" });
    expect((await document("saving.txt"))?.text).toBe(`Typed. ${LINES}`);
  });

  it("do not keep what another extension makes of them while they are saved", async () => {
    writeFileSync(at("extended.txt"), LINES);
    await open("extended.txt");
    await window.probe.call("changeWhileSaving", { how: "takePart", text: "Formatted. " });
    expect(await change("extended.txt", "two", "2")).toBe("applied");
    expect(onDisk("extended.txt")).toBe(LINES.replace("two", "2"));
    const text = LINES.replace("two", "2");
    await waitFor("the text", async () => (await document("extended.txt"))?.text === text);
  });

  it("are refused with a reason where the user types in the same lines", async () => {
    writeFileSync(at("conflict.txt"), LINES);
    await open("conflict.txt");
    const end = await change("conflict.txt", "two", "2", { line: 1, text: "TWO" });
    expect(end).toMatch(/changed meanwhile in the same lines: at line 2 .* Read it again\.$/);
    expect((await document("conflict.txt"))?.text).toBe(LINES.replace("two", "TWO"));
    expect(onDisk("conflict.txt")).toBe(LINES);
  });

  it("are refused for a file that is read-only", async () => {
    writeFileSync(at("fixed.txt"), LINES, { mode: 0o444 });
    expect(await change("fixed.txt", "two", "2")).toBe("it is read-only.");
    expect(onDisk("fixed.txt")).toBe(LINES);
  });

  it("make and delete files, and an undo of the turn does the contrary", async () => {
    const turn = `${turns}`;
    const made = { turn, path: at("new/deep.txt"), replace: "\xef\xbb\xbfnew\r\n" };
    writeFileSync(at("old.txt"), LINES);
    expect(await window.probe.call("changeFile", made)).toBe("applied");
    const deleted = { turn, path: at("old.txt"), replace: null };
    expect(await window.probe.call("changeFile", deleted)).toBe("applied");
    expect(onDisk("new/deep.txt")).toBe("\xef\xbb\xbfnew\r\n");
    expect(() => onDisk("old.txt")).toThrow("ENOENT");
    expect(await window.probe.call("endTurn", turn)).toEqual([
      { path: at("new/deep.txt"), kind: "created", addedLines: 1, removedLines: 0 },
      { path: at("old.txt"), kind: "deleted", addedLines: 0, removedLines: 5 },
    ]);
    const undone = await window.probe.call("takeBack", { turn, how: "undo" });
    expect(undone).toMatchObject({ kind: "done", conflicts: [] });
    expect(() => onDisk("new/deep.txt")).toThrow("ENOENT");
    expect(onDisk("old.txt")).toBe(LINES);
  });

  it("are taken back by an undo of the turn, which keeps what the user has typed between them", async () => {
    const turn = `${turns}`;
    writeFileSync(at("between.txt"), LINES);
    await open("between.txt");
    await change("between.txt", "one", "1");
    await type("between.txt", 2, "THREE");
    await change("between.txt", "five", "5");
    expect(onDisk("between.txt")).toBe(LINES.replace("one", "1"));
    await window.probe.call("endTurn", turn);
    const undone = await window.probe.call("takeBack", { turn, how: "undo" });
    expect(undone).toMatchObject({ kind: "done", conflicts: [] });
    expect((await document("between.txt"))?.text).toBe(LINES.replace("three", "THREE"));
    const { id } = undone as { id: string };
    await window.probe.call("takeBack", { turn: id, how: "undo" });
    const redone = LINES.replace("one", "1").replace("three", "THREE").replace("five", "5");
    await waitFor("the redone text", async () => (await document("between.txt"))?.text === redone);
  });

  it("are not taken back while the turn goes on", async () => {
    writeFileSync(at("running.txt"), LINES);
    await change("running.txt", "two", "2");
    expect(await window.probe.call("takeBack", { turn: `${turns}`, how: "undo" })).toEqual({
      kind: "refused",
      sentence: "The agent is still at work on this; stop it first.",
    });
  });
});
