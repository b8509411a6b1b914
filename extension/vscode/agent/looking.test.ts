import { expect, it } from "vitest";
import { haveLooked, type Looking } from "./looking.ts";

const ASKED_AT_MS = 10_000;
const looking = (of: Partial<Looking>): Looking => ({
  askedAtMs: ASKED_AT_MS,
  changedAtMs: Number.NEGATIVE_INFINITY,
  toldAtMs: Number.NEGATIVE_INFINITY,
  ...of,
});

it("waits for nothing when nothing has changed", () => {
  expect(haveLooked(looking({}), ASKED_AT_MS)).toBe(true);
});

it("waits for news of a change, and a while for more", () => {
  const changed = looking({ changedAtMs: ASKED_AT_MS - 100 });
  expect(haveLooked(changed, ASKED_AT_MS + 400)).toBe(false);
  const told = { ...changed, toldAtMs: ASKED_AT_MS };
  expect(haveLooked(told, ASKED_AT_MS + 499)).toBe(false);
  expect(haveLooked(told, ASKED_AT_MS + 500)).toBe(true);
});

it("waits no longer than two seconds from the change", () => {
  const changed = looking({ changedAtMs: ASKED_AT_MS - 1_500 });
  expect(haveLooked(changed, ASKED_AT_MS + 499)).toBe(false);
  expect(haveLooked(changed, ASKED_AT_MS + 500)).toBe(true);
});

it("waits no longer than two seconds for files that never stop changing", () => {
  const waited = (ms: number): boolean =>
    haveLooked(looking({ changedAtMs: ASKED_AT_MS + ms }), ASKED_AT_MS + ms);
  expect(waited(1_999)).toBe(false);
  expect(waited(2_000)).toBe(true);
});
