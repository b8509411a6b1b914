import { expect, it } from "vitest";
import { Notices } from "./notices.ts";

it("announces what waits and what comes, and gives all of it to be read once", () => {
  const notices = new Notices();
  const announced: string[] = [];
  notices.add("one");
  notices.announceWith((sentence) => announced.push(sentence));
  notices.add("two");
  notices.announceWith(null);
  expect(announced).toEqual(["one", "two"]);
  expect(notices.take()).toEqual(["one", "two"]);
  expect(notices.take()).toEqual([]);
});

it("keeps what comes while nobody listens for the next reader", () => {
  const notices = new Notices();
  notices.add("one");
  expect(notices.take()).toEqual(["one"]);
});

it("keeps the latest twenty", () => {
  const notices = new Notices();
  for (let count = 0; count < 100; count++) notices.add(`${count}`);
  expect(notices.take()).toEqual(Array.from({ length: 20 }, (_, index) => `${80 + index}`));
});
