import { beforeEach, describe, expect, it } from "vitest";
import { view } from "../context/living/file-view.test-support.ts";
import { beginTurn } from "../context/window/begin-turn.ts";
import { answered, openedWindow, texts } from "../context/window/window.test-support.ts";
import { SessionStore } from "./session-store.ts";
import { decodeSession, encodeSession, type SavedSession } from "./stored-session.ts";
import { SUMMARY_REQUEST } from "./summary-request.ts";
import { Texts } from "./texts.test-support.ts";

const ID = "0b7b4c1e-3f6a-4c1d-9f5e-2a7d8c9e0f12";

let store: Texts;
let sessions: SessionStore;

beforeEach(() => {
  store = new Texts();
  sessions = new SessionStore(store);
});

const files = [{ uri: "f:a", view: view("one\n", { start: 0, end: 1 }) }];
const volatile = [{ name: "State", text: "calm and quiet" }];
const window = answered(beginTurn(openedWindow(), { volatile, files, message: "Why?" }), "So.");
const turns = [
  { id: "t", act: "ask", prompt: "Why?", cancelled: false, lastSegmentId: "a" },
] as const;
const session: SavedSession = { id: ID, title: "Why?", name: null, turns, window };

/** A session as the first version of the format had it. */
function inVersion1(text: string): string {
  const { title: _title, name: _name, turns: ofNow, ...rest } = storedIn(inVersion2(text));
  const old = ofNow.map(({ act: _act, ...turn }) => turn);
  return JSON.stringify({ ...rest, schema: 1, turns: old });
}

function inVersion2(text: string): string {
  const { window: ofNow, ...rest } = storedIn(text);
  const { staleParts, ...window } = ofNow;
  return JSON.stringify({ ...rest, schema: 2, window: { ...window, staleIds: staleParts } });
}

function storedIn(text: string): SavedSession {
  return JSON.parse(text) as SavedSession;
}

describe("the chat that was kept last", () => {
  it("is known by its id, whatever else lies in the folder", async () => {
    expect(await sessions.latest()).toBeNull();
    const other = { ...session, id: "1c7b4c1e-3f6a-4c1d-9f5e-2a7d8c9e0f12" };
    await sessions.save(session);
    await sessions.save(other);
    await store.write("later.tmp", "");
    expect(await sessions.latest()).toBe(other.id);
    await sessions.save({ ...session, name: "Renamed" }, "same");
    expect(await sessions.latest()).toBe(other.id);
    await store.write("no id.json", "");
    expect(await sessions.latest()).toBe(other.id);
  });
});

describe("a stored chat", () => {
  it("comes back with files, turns and the ids that the model generated", async () => {
    expect(await sessions.save(session)).toBeNull();
    const loaded = await sessions.load(ID);
    if (loaded.kind !== "found") throw new Error(loaded.kind);
    expect(await sessions.claim(ID)).toEqual(loaded);
    expect(loaded.session.turns).toEqual(turns);
    expect(loaded.session.window.files).toEqual(window.files);
    const [answer, original] = [loaded.session.window, window].map(({ context }) =>
      context.segments.at(-1),
    );
    expect(answer).toEqual(original);
    expect(answer).toHaveProperty("generated");
  });

  it.each([
    ["first", inVersion1],
    ["second", inVersion2],
  ])(
    "is loaded as well when it was saved in the %s version of its format",
    async (_, inVersion) => {
      store.all.set(`${ID}.json`, inVersion(encodeSession(session)));
      const loaded = await sessions.load(ID);
      if (loaded.kind !== "found") throw new Error(loaded.kind);
      expect(loaded.session).toMatchObject({ title: "Why?", name: null, turns });
      await sessions.save(loaded.session);
      const saved: unknown = JSON.parse(store.all.get(`${ID}.json`)!);
      expect(saved).toEqual(JSON.parse(encodeSession(session)));
    },
  );

  it("leaves out what is made anew each turn", async () => {
    await sessions.save(session);
    expect([...store.all.values()].join("")).not.toContain("calm and quiet");
    const decoded = decodeSession(encodeSession(session));
    if (decoded.kind !== "session") throw new Error(decoded.kind);
    expect(texts(decoded.session.window)).toEqual(
      texts(window).filter((text) => !text.includes("calm")),
    );
    expect(decoded.session.window).toMatchObject({ volatileParts: [], staleParts: [] });
  });

  it("comes back without a request for a summary that was kept with it", async () => {
    const { context } = window;
    const segments = [...context.segments, SUMMARY_REQUEST];
    const kept = { ...session, window: { ...window, context: { ...context, segments } } };
    const decoded = decodeSession(encodeSession(kept));
    expect(decoded).toEqual(decodeSession(encodeSession(session)));
  });

  it("is not found under an id that is none, whatever file it would name", async () => {
    store.all.set("../secret.json", "text");
    expect(await sessions.load("../secret")).toEqual({ kind: "none" });
    expect(await sessions.load(ID)).toEqual({ kind: "none" });
  });

  it("is refused when it is far too large", async () => {
    const text = "x".repeat(33 * 1024 * 1024);
    const large = answered(beginTurn(openedWindow(), { volatile: [], message: text }), "So.");
    expect(await sessions.save({ ...session, window: large })).toBe(
      "This chat has become too large to be kept beyond this window.",
    );
    expect(store.all.size).toBe(0);
  });
});

describe("a file that is no chat", () => {
  const text = encodeSession(session);
  const stored = JSON.parse(text) as Record<string, unknown>;

  it.each([
    ["is cut short", text.slice(0, text.length / 2)],
    ["is empty", ""],
    ["is something else", "[1, 2, 3]"],
    ["lacks a part", JSON.stringify({ ...stored, window: {} })],
    ["is another chat's", JSON.stringify({ ...stored, id: "other" })],
    ["names a segment that is not there", text.replace('"segmentId":"', '"segmentId":"no ')],
  ])(
    "is set aside with one sentence, for whoever goes on with it, when it %s",
    async (_, broken) => {
      store.all.set(`${ID}.json`, broken);
      expect(await sessions.load(ID)).toEqual({ kind: "damaged" });
      expect([...store.all.keys()]).toEqual([`${ID}.json`]);
      const claimed = await sessions.claim(ID);
      const sentence: unknown = expect.stringMatching(/^[^\n]+\.$/u);
      expect(claimed).toEqual({ kind: "lost", sentence });
      expect([...store.all.keys()]).toEqual([`${ID}.unreadable`]);
      expect(store.all.get(`${ID}.unreadable`)).toBe(broken);
      expect(await sessions.claim(ID)).toEqual({ kind: "none" });
    },
  );

  it("is left alone when a newer version wrote it", async () => {
    store.all.set(`${ID}.json`, JSON.stringify({ ...stored, schema: 99 }));
    expect(await sessions.load(ID)).toEqual({ kind: "newer" });
    expect(await sessions.claim(ID)).toMatchObject({ kind: "lost" });
    expect([...store.all.keys()]).toEqual([`${ID}.json`]);
  });
});

describe("the list of chats", () => {
  const other = ID.replace("0b", "1b");

  it("shows those saved last first, by the name that their user gave them", async () => {
    await sessions.save(session);
    await sessions.save({ ...session, id: other, name: "The why" });
    expect(await sessions.list()).toEqual([
      { id: other, label: "The why", questions: 1, savedMs: 1 },
      { id: ID, label: "Why?", questions: 1, savedMs: 0 },
    ]);
  });

  it("leaves out what nobody has asked anything in, and what cannot be read", async () => {
    await sessions.save({ ...session, title: "", turns: [] });
    store.all.set(`${other}.json`, "no session");
    store.all.set("1.unreadable", "text");
    expect(await sessions.list()).toEqual([]);
    expect(store.all.size).toBe(3);
  });

  it("forgets a chat that was removed, and removes nothing else", async () => {
    await sessions.save(session);
    store.all.set("../secret.json", "text");
    await sessions.remove("../secret");
    await sessions.remove(ID);
    expect([...store.all.keys()]).toEqual(["../secret.json"]);
  });
});

it("keeps a bounded number of chats and of everything else", async () => {
  for (let count = 0; count < 20; count++) {
    store.all.set(`${count}.unreadable`, "");
    store.all.set(`${count}.tmp`, "");
  }
  for (let count = 10; count < 60; count++) {
    await sessions.save({ ...session, id: ID.replace("0b", String(count)) });
  }
  const names = (await store.list()).map(({ name }) => name);
  const ending = (end: string): string[] => names.filter((name) => name.endsWith(end));
  expect(ending(".json")).toHaveLength(32);
  expect(ending(".json")[0]).toMatch(/^59/u);
  expect(ending(".unreadable")).toHaveLength(4);
  expect(ending(".tmp")).toHaveLength(8);
});
