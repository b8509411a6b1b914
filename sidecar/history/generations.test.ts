import { describe, expect, it } from "vitest";
import { Generations, type Said } from "./generations.ts";

const ANSWERS_MAX = 64;

function said(text: string): Said {
  return { text, generated: { fingerprint: "a model", tokens: [1, 2] } };
}

describe("the answers that wait to be adopted", () => {
  it("are found by the id of their generation", () => {
    const generations = new Generations();
    generations.add("first", said("one"));
    generations.add("second", said("two"));
    expect(generations.find("first")?.text).toBe("one");
    expect(generations.find("second")?.text).toBe("two");
    expect(generations.find("third")).toBeUndefined();
  });

  it("stay when they have been found, so that an edit can be sent again", () => {
    const generations = new Generations();
    generations.add("first", said("one"));
    generations.find("first");
    expect(generations.find("first")?.text).toBe("one");
  });

  it(`are the latest ${ANSWERS_MAX}: the oldest goes for the next`, () => {
    const generations = new Generations();
    for (let index = 0; index < ANSWERS_MAX; index++) generations.add(`${index}`, said("x"));
    expect(generations.find("0")).toBeDefined();
    generations.add("one more", said("x"));
    expect(generations.find("0")).toBeUndefined();
    expect(generations.find("1")).toBeDefined();
    expect(generations.find("one more")).toBeDefined();
  });
});
