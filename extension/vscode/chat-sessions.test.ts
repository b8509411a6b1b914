import { describe, expect, it } from "vitest";
import { texts as textsOf } from "../context/window/window.test-support.ts";
import type { ChatSession } from "./chat-sessions.ts";
import { chatSessions, shownTurn } from "./chat-sessions.test-support.ts";

/** More than are kept open. */
const MANY = 12;

describe("a chat that is answering", () => {
  it("stays open, however many others are used, until it is done", async () => {
    const { sessions } = chatSessions();
    const answering = await sessions.begin();
    for (let count = 0; count < MANY; count++) await sessions.release(await sessions.begin());
    expect(sessions.peek(answering.id)).toBe(answering);
    await sessions.release(answering);
    await sessions.release(await sessions.begin());
    expect(sessions.peek(answering.id)).toBeUndefined();
  });

  it("makes the number of open ones larger only for as long as it answers", async () => {
    const { sessions } = chatSessions();
    const answering: ChatSession[] = [];
    for (let count = 0; count < MANY; count++) answering.push(await sessions.begin());
    const stillOpen = (): number =>
      answering.filter(({ id }) => sessions.peek(id) !== undefined).length;
    expect(stillOpen()).toBe(MANY);
    for (const session of answering) await sessions.release(session);
    expect(stillOpen()).toBe(8);
  });
});

describe("a chat that cannot be told again", () => {
  it("is as it was, and free for the next message", async () => {
    const { sessions } = chatSessions({
      readAsked: async ({ typed }) => {
        if (typed === "Second") throw new Error("unreadable");
        return { message: typed, title: typed, files: [], texts: [], refusals: [] };
      },
    });
    const session = await sessions.begin();
    session.turns = [{ id: "t", act: "ask", prompt: "", cancelled: false, lastSegmentId: "s" }];
    await sessions.release(session);
    const before = textsOf(session.window.state);
    const past = [
      shownTurn("", { turnId: "t", sessionId: session.id }),
      shownTurn("First"),
      shownTurn("Second"),
    ];
    await expect(sessions.resume(past)).rejects.toThrow("unreadable");
    expect(session.busy).toBe(false);
    expect(session.turns).toHaveLength(1);
    expect(textsOf(session.window.state)).toEqual(before);
  });
});

describe("what is read back before anybody asks", () => {
  it("is the chat that was used last", async () => {
    const { sessions, store, texts } = chatSessions();
    const kept = await sessions.begin();
    await sessions.release(kept);
    const later = chatSessions({ store });
    await later.sessions.readBackLatest();
    expect(later.sessions.peek(kept.id)?.window.state.context.id).toBe(kept.id);
    expect(later.connection.methods).toContain("warm");
    expect(texts.all.size).toBe(1);
  });

  it("is nothing that cannot be read: who goes on with that chat is told", async () => {
    const { sessions, store, texts } = chatSessions();
    const kept = await sessions.begin();
    await sessions.release(kept);
    texts.all.set(`${kept.id}.json`, "cut sh");
    const later = chatSessions({ store });
    await later.sessions.readBackLatest();
    expect([...texts.all.keys()]).toEqual([`${kept.id}.json`]);
    expect(later.connection.calls).toEqual([]);
    const told = await later.sessions.resume([shownTurn("Hello?", { sessionId: kept.id })]);
    expect(told.notices.take()).toEqual([expect.stringContaining("cannot be read")]);
    expect(textsOf(told.window.state)).toContain("Hello?");
  });
});
