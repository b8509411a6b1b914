import { expect, it } from "vitest";
import { Notices } from "./notices.ts";

it("keeps what comes while nobody reads for the next reader", () => {
  const notices = new Notices();
  const read: string[] = [];
  notices.add("one");
  notices.showWith((sentence) => read.push(sentence));
  notices.add("two");
  notices.showWith(null);
  notices.add("three");
  expect(read).toEqual(["one", "two"]);
  notices.showWith((sentence) => read.push(sentence));
  expect(read).toEqual(["one", "two", "three"]);
});

it("keeps the latest twenty", () => {
  const notices = new Notices();
  const read: string[] = [];
  for (let count = 0; count < 100; count++) notices.add(`${count}`);
  notices.showWith((sentence) => read.push(sentence));
  expect(read).toEqual(Array.from({ length: 20 }, (_, index) => `${80 + index}`));
});
