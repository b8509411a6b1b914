import { describe, expect, it } from "vitest";
import type { Segment } from "../../protocol/segment.ts";
import { system, user, windowOf } from "../history/segments.test-support.ts";
import type { Owner, WantedTokens } from "../prompt/tokenise.ts";
import { checkpointsFor } from "./checkpoints.ts";

const OPENING = 3;
const CLOSING = 2;

/** Texts of so many tokens, each between a message's opening and its end. */
function prompt(
  ...texts: readonly (readonly [segment: Segment, length: number])[]
): readonly [WantedTokens, ReturnType<typeof windowOf>] {
  const owners: Owner[] = [];
  let length = 0;
  const add = (tokens: number, segmentId: string | null): void => {
    length += tokens;
    owners.push({ endToken: length, segmentId });
  };
  for (const [{ id }, tokens] of texts) {
    add(OPENING, null);
    add(tokens, id);
    add(CLOSING, null);
  }
  add(OPENING, null);
  const tokens = Array.from({ length }, (_, index) => index);
  return [{ tokens, owners }, windowOf(texts.map(([segment]) => segment))];
}

describe("states worth keeping", () => {
  it("are behind the last two texts and where the answer begins", () => {
    const wanted = prompt([user("a", ""), 10], [user("b", ""), 20], [user("c", ""), 30]);
    const ends = [15 + OPENING + 20, 15 + 25 + OPENING + 30];
    expect(checkpointsFor(...wanted)).toEqual([...ends, wanted[0].tokens.length - 1]);
  });

  it("are behind the stable front, however many segments that has", () => {
    const rules = { ...system("rules", ""), stability: "guidance" } as const;
    const wanted = prompt(
      [system("core", ""), 10],
      [rules, 20],
      [user("a", ""), 5],
      [user("b", ""), 5],
      [user("c", ""), 5],
    );
    expect(checkpointsFor(...wanted)[0]).toBe(15 + OPENING + 20);
  });

  it("are some way apart in between", () => {
    const history = Array.from(
      { length: 50 },
      (_, index) => [user(`${index}`, ""), 100 - OPENING - CLOSING] as const,
    );
    const between = checkpointsFor(...prompt(...history)).slice(0, -3);
    expect(between).toEqual([1098, 2198, 3298, 4398]);
  });

  it("are further apart in a long prompt", () => {
    const history = Array.from(
      { length: 1000 },
      (_, index) => [user(`${index}`, ""), 100 - OPENING - CLOSING] as const,
    );
    expect(checkpointsFor(...prompt(...history)).length).toBeLessThanOrEqual(16 + 3);
  });

  it("count a segment of several stretches once, behind the last", () => {
    const owners = [
      { endToken: 5, segmentId: "a" },
      { endToken: 9, segmentId: "a" },
      { endToken: 12, segmentId: null },
    ];
    const tokens = Array.from({ length: 12 }, () => 0);
    expect(checkpointsFor({ tokens, owners }, windowOf([user("a", "")]))).toEqual([9, 11]);
  });

  it("are none of nothing", () => {
    expect(checkpointsFor({ tokens: [1], owners: [] }, windowOf([]))).toEqual([]);
  });
});
