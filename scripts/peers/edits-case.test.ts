import { beforeAll, describe, expect, it } from "vitest";
import type { Reuse } from "../../protocol/generate.ts";
import { editsCase } from "./edits-case.ts";
import type { PeersRow } from "./report.ts";

/** A contender that remembers what it was sent and counts as a cache of prefixes would. */
class PrefixCache {
  readonly prompts: (readonly number[])[] = [];
  #exactTokens = 0;

  firstToken(prompt: readonly number[], reuse: Reuse = "exact") {
    const resident = this.prompts.at(-1) ?? [];
    const same = prompt.findIndex((token, index) => token !== resident[index]);
    const prefix = same === -1 ? prompt.length - 1 : same;
    const kept = Math.min(prefix, this.#exactTokens);
    // What a splice computed is exact, what it kept behind that is not.
    const suffix = prompt.findLastIndex((token, index) => {
      return token !== resident[index + resident.length - prompt.length];
    });
    this.#exactTokens = reuse === "splice" ? suffix + 1 : prompt.length;
    this.prompts.push(prompt);
    const prefilledTokens = prompt.length - kept;
    return Promise.resolve({ prefilledTokens, firstTokenMs: 1, engineMs: 1 });
  }

  stop = () => Promise.resolve();
}

describe("the edits", () => {
  const ours = new PrefixCache();
  const peer = new PrefixCache();
  const rows = new Map<string, PeersRow>();

  beforeAll(async () => {
    const contenders = { ours, peers: new Map([["peer", peer]]) };
    for await (const row of editsCase.rows(contenders, true)) rows.set(row.case, row);
  });

  it("cost a prefix cache the changed text and everything behind it", () => {
    const costs = [...rows].map(([name, row]) => [name, row.peers["peer"]?.prefilledTokens]);
    expect(Object.fromEntries(costs)).toEqual({
      "edits/replace": 2048 + 40,
      "edits/replace-same": 2048,
      "edits/insert": 2048 + 60,
      "edits/delete": 2048 - 100,
      "edits/two-regions": 2048 + 80,
      "edits/append": 61,
    });
  });

  it("are made to a context of the length that the row names", () => {
    for (const row of rows.values()) expect(row.contextTokens).toBe(4096);
    // Every second prompt is the context before the edit.
    const bases = peer.prompts.filter((_, index) => index % 2 === 0);
    expect(new Set(bases.map(({ length }) => length))).toEqual(new Set([4096]));
  });

  it("never send an edited prompt twice, which a store of past prompts would answer", () => {
    const edited = peer.prompts.filter((_, index) => index % 2 === 1).map(String);
    expect(new Set(edited).size).toBe(edited.length);
  });

  it("are the same prompts for all contenders", () => {
    const sentToUs = new Set(ours.prompts.map(String));
    expect(peer.prompts.every((prompt) => sentToUs.has(String(prompt)))).toBe(true);
  });

  it("cost us the same in exact mode, although a splice came before", () => {
    for (const row of rows.values()) {
      expect(row.oursExact.prefilledTokens).toBe(row.peers["peer"]?.prefilledTokens);
    }
  });
});
