import { expect, it } from "vitest";
import { chatSessions } from "./chat-sessions.test-support.ts";
import { SessionLibrary } from "./session-library.ts";

it("deletes a session also when the sidecar cannot be told", async () => {
  const { sessions, store, texts, connection, failures } = chatSessions();
  const forgotten: string[] = [];
  const forget = async (id: string): Promise<void> => void forgotten.push(id);
  const library = new SessionLibrary(store, sessions, { forget });
  const session = await sessions.begin();
  await session.window.sync();
  await sessions.release(session);
  const down = new Error("The sidecar does not run.");
  connection.next("kvasir/context/close", () => {
    throw down;
  });
  expect(await library.delete(session.id)).toBeNull();
  expect(texts.all.size).toBe(0);
  expect(forgotten).toEqual([session.id]);
  expect(sessions.peek(session.id)).toBeUndefined();
  await expect.poll(() => failures).toEqual([down]);
});

it("deletes no session that is just answering", async () => {
  const { sessions, store, texts } = chatSessions();
  const library = new SessionLibrary(store, sessions, null);
  const session = await sessions.begin();
  await sessions.save(session);
  expect(await library.delete(session.id)).toMatch(/just answering/u);
  expect(texts.all.size).toBe(1);
});

it("says of a session that cannot be read just that, and leaves its file alone", async () => {
  const { sessions, store, texts } = chatSessions();
  const id = "0b7b4c1e-3f6a-4c1d-9f5e-2a7d8c9e0f12";
  texts.all.set(`${id}.json`, "cut sh");
  expect(await new SessionLibrary(store, sessions, null).read(id)).toMatch(/cannot be read\.$/u);
  expect([...texts.all.keys()]).toEqual([`${id}.json`]);
});
