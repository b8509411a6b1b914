import { beforeEach, describe, expect, it } from "vitest";
import { FollowedNames } from "./followed-names.ts";

let names: FollowedNames;
let told: string[];
const follow = (name: string): (() => void) => {
  const listener = (): void => void told.push(name);
  names.add(name, listener);
  return listener;
};

beforeEach(() => {
  names = new FollowedNames();
  told = [];
});

describe("a file that is followed", () => {
  it("is found under its new name, and whoever follows it is told", () => {
    follow("f:/a");
    follow("f:/b");
    names.rename("f:/a", "f:/c");
    expect(names.currentOf("f:/a")).toBe("f:/c");
    expect(names.currentOf("f:/b")).toBe("f:/b");
    expect(told).toEqual(["f:/a"]);
  });

  it("is found under its own name when it was renamed and back", () => {
    follow("f:/a");
    names.rename("f:/a", "f:/b");
    names.rename("f:/b", "f:/a");
    expect(names.currentOf("f:/a")).toBe("f:/a");
    expect(told).toEqual(["f:/a", "f:/a"]);
  });

  it("is found when it was renamed twice before anybody looked", () => {
    follow("f:/a");
    names.rename("f:/a", "f:/b");
    names.rename("f:/b", "f:/c");
    expect(names.currentOf("f:/a")).toBe("f:/c");
  });

  it("goes along with its folder, and with no other whose name begins like it", () => {
    follow("f:/in/a");
    follow("f:/inner/a");
    names.rename("f:/in", "f:/out");
    names.rename("f:/out/a", "f:/out/b");
    expect(names.currentOf("f:/in/a")).toBe("f:/out/b");
    expect(names.currentOf("f:/inner/a")).toBe("f:/inner/a");
  });

  it("is not the file that is made at its old name and renamed as well", () => {
    follow("f:/a");
    names.rename("f:/a", "f:/b");
    names.rename("f:/a", "f:/c");
    expect(names.currentOf("f:/a")).toBe("f:/b");
  });
});

describe("a name that nobody follows any more", () => {
  it("means the file that has it now", () => {
    const [first, second] = [follow("f:/a"), follow("f:/a")];
    names.rename("f:/a", "f:/b");
    expect(names.remove("f:/a", first)).toBe(false);
    expect(names.currentOf("f:/a")).toBe("f:/b");
    expect(names.remove("f:/a", second)).toBe(true);
    expect(names.currentOf("f:/a")).toBe("f:/a");
    expect(names.all).toEqual([]);
  });
});
