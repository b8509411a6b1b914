import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { acceptHunk, type PendingChange, rejectHunk, type Review, reviewOf } from "./review.ts";

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text));
const textOf = (bytes: Uint8Array | null) =>
  bytes === null ? null : Buffer.from(bytes).toString();

const BASE = "1\n2\n3\n4\n5\n6\n7\n";
const AGENT = "one\n2\n3\nfour\n5\n6\nseven\n";

function pending(base: string | null, agent: string | null): PendingChange {
  const bytes = (text: string | null) => (text === null ? null : bytesOf(text));
  return { base: bytes(base), agent: bytes(agent) };
}

function changed(change: PendingChange, present: string): Extract<Review, { kind: "changed" }> {
  const review = reviewOf(change, bytesOf(present));
  if (review.kind !== "changed") throw new Error(`The review is ${review.kind}.`);
  return review;
}

const linesOf = ({ hunks }: Extract<Review, { kind: "changed" }>) =>
  hunks.map(({ beforeLines, afterLines }) => [beforeLines.join(""), afterLines.join("")]);

const text = fc
  .array(fc.constantFrom("a\n", "b\n", "c\n", "\n"), { maxLength: 8 })
  .map((lines) => lines.join(""));

/** Each decides one of the hunks of a text. */
const DECISIONS_MAX = 20;

/** Accepts or rejects the first hunk until there is none; `ways` says which, and rejects beyond. */
function decide(change: PendingChange, ways: readonly boolean[]) {
  let present = change.agent;
  for (let turn = 0; ; turn++) {
    const review = reviewOf(change, present);
    if (review.kind !== "changed" || turn > DECISIONS_MAX) return { change, present };
    if (ways[turn] === true) change = acceptHunk(review, present, 0);
    else ({ after: present, change } = rejectHunk(review, 0));
  }
}

describe("the review of a changed file", () => {
  it("shows every run of lines that a turn has changed", () => {
    const review = changed(pending(BASE, AGENT), AGENT);
    expect(review.original).toBe(BASE);
    expect(linesOf(review)).toEqual([
      ["1\n", "one\n"],
      ["4\n", "four\n"],
      ["7\n", "seven\n"],
    ]);
  });

  it("leaves out what the user has changed since", () => {
    const mine = (text: string) => text.replace("5\n", "5\nmine\n");
    const review = changed(pending(BASE, AGENT), mine(AGENT));
    expect(review.original).toBe(mine(BASE));
    expect(linesOf(review)).toHaveLength(3);
  });

  it("shows what the user has changed right beside a change together with it", () => {
    const review = changed(pending(BASE, AGENT), AGENT.replace("seven", "mine\nseven"));
    expect(linesOf(review)[2]).toEqual(["7\n", "mine\nseven\n"]);
  });

  it("shows lines of a turn that the user went on with as one change", () => {
    const review = changed(pending(BASE, AGENT), AGENT.replace("four", "four and a bit"));
    expect(linesOf(review)[1]).toEqual(["4\n", "four and a bit\n"]);
  });

  it("has nothing to show of what the user has put back", () => {
    expect(linesOf(changed(pending(BASE, AGENT), AGENT.replace("four", "4")))).toHaveLength(2);
    expect(reviewOf(pending(BASE, AGENT), bytesOf(BASE)).kind).toBe("settled");
  });

  it("restores exactly one hunk", () => {
    const review = changed(pending(BASE, AGENT), AGENT);
    expect(textOf(rejectHunk(review, 1).after)).toBe(AGENT.replace("four", "4"));
  });

  it("leaves the other hunks pending when one is rejected or accepted", () => {
    const change = pending(BASE, AGENT);
    const review = changed(change, AGENT);
    const rejected = changed(change, textOf(rejectHunk(review, 1).after)!);
    expect(linesOf(rejected)).toEqual([
      ["1\n", "one\n"],
      ["7\n", "seven\n"],
    ]);
    const accepted = changed(acceptHunk(review, bytesOf(AGENT), 0), AGENT);
    expect(linesOf(accepted)).toEqual([
      ["4\n", "four\n"],
      ["7\n", "seven\n"],
    ]);
  });

  it("is settled after the last hunk, whichever way each went", () => {
    fc.assert(
      fc.property(text, text, fc.array(fc.boolean()), (before, after, ways) => {
        const decided = decide(pending(before, after), ways);
        expect(reviewOf(decided.change, decided.present).kind).toBe("settled");
      }),
    );
  });

  it("ends with the text of before or after where all of it is rejected or accepted", () => {
    fc.assert(
      fc.property(text, text, fc.boolean(), (before, after, accepts) => {
        const { present } = decide(
          pending(before, after),
          Array.from({ length: DECISIONS_MAX }, () => accepts),
        );
        expect(textOf(present)).toBe(accepts ? after : before);
      }),
    );
  });

  it("keeps byte order mark and line ends", () => {
    const [base, agent] = ["\ufeff1\r\n2\r\n3\r\n", "\ufeffone\r\n2\r\nthree\r\n"];
    const review = changed(pending(base, agent), agent);
    expect(textOf(rejectHunk(review, 0).after)).toBe("\ufeff1\r\n2\r\nthree\r\n");
  });

  it("gives the very bytes back that were there before when all of it is rejected", () => {
    const mixed = "1\r\n2\n3\r\n";
    const review = changed(pending(mixed, "1\r\nnew\n"), "1\r\nnew\n");
    expect(textOf(review.originalBytes)).toBe(mixed);
  });

  it("keeps the user's lines when all of it is rejected", () => {
    const review = changed(pending(BASE, AGENT), `${AGENT}`.replace("6\n", "mine\n6\n"));
    expect(textOf(review.originalBytes)).toBe(BASE.replace("6\n", "mine\n6\n"));
  });
});

describe("the review of a file that was saved in another encoding", () => {
  // Bytes that are no UTF-8, as a file in windows-1252 or windows-1251 has them.
  const legacy = (...lines: readonly string[]) =>
    new Uint8Array(Buffer.from(lines.map((line) => `${line}\n`).join(""), "latin1"));

  it("takes it as one change where that encoding lacks what was agreed with", () => {
    const base = bytesOf("Привет\nмир\n");
    const present = legacy("\xcf\xee\xea\xe0", "\xec\xe8\xf0");
    const replaced = { kind: "replaced", originalBytes: base };
    expect(reviewOf({ base, agent: bytesOf("Пока\nмир\n") }, present)).toEqual(replaced);
    expect(reviewOf({ base, agent: present }, present)).toEqual(replaced);
  });

  it("shows every change where that encoding has all of it", () => {
    const change = pending("é1\n2\n3\n", "éone\n2\nthree\n");
    const review = reviewOf(change, legacy("\xe9one", "2", "three"));
    if (review.kind !== "changed") throw new Error(`The review is ${review.kind}.`);
    expect(linesOf(review)).toHaveLength(2);
    expect(rejectHunk(review, 1).after).toEqual(legacy("\xe9one", "2", "3"));
  });

  it("accepts a line that what was agreed with had no bytes for", () => {
    const base = legacy("\xe9", "2", "3");
    const present = bytesOf("é → one\n2\nthree\n");
    const review = reviewOf({ base, agent: present }, present);
    if (review.kind !== "changed") throw new Error(`The review is ${review.kind}.`);
    const accepted = acceptHunk(review, present, 0);
    expect(textOf(accepted.base)).toBe("é → one\n2\n3\n");
  });
});

describe("the review of files that came or went", () => {
  it("tells a new file that nobody has touched from one that somebody has", () => {
    expect(reviewOf(pending(null, "a\n"), bytesOf("a\n"))).toEqual({
      kind: "created",
      isUntouched: true,
    });
    expect(reviewOf(pending(null, "a\n"), bytesOf("a\nb\n"))).toMatchObject({ isUntouched: false });
  });

  it("shows a deleted file until somebody makes it anew", () => {
    const deleted = pending("a\n", null);
    expect(reviewOf(deleted, null)).toEqual({ kind: "deleted", originalBytes: bytesOf("a\n") });
    expect(reviewOf(deleted, bytesOf("b\n")).kind).toBe("settled");
  });

  it("is over where the user has deleted a file that a turn changed or made", () => {
    expect(reviewOf(pending("a\n", "b\n"), null).kind).toBe("settled");
    expect(reviewOf(pending(null, "b\n"), null).kind).toBe("settled");
  });

  it("takes what is no text as one change", () => {
    const change = { base: bytesOf("a\n"), agent: bytesOf("b\n") };
    expect(reviewOf(change, new Uint8Array([0, 1, 2]))).toMatchObject({ kind: "replaced" });
  });
});
