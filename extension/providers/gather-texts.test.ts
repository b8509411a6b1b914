import { expect, it } from "vitest";
import { gatherTexts, type Provider } from "./gather-texts.ts";

/** A clock on which everything that is late is late at once. */
const atOnce = (_: number, call: () => void): (() => void) => {
  const timer = setTimeout(call, 0);
  return () => clearTimeout(timer);
};
const never = (): (() => void) => () => undefined;
const saying = (name: string, text: string): Provider => ({
  name,
  waitMsMax: 50,
  make: async () => text,
});

it("gives what the providers say, in their order, and leaves out what is empty", async () => {
  const providers = [saying("B", "b"), saying("Nothing", ""), saying("A", "a")];
  const texts = await gatherTexts(providers, {
    standing: [],
    later: never,
    onMissing: expect.unreachable,
  });
  expect(texts).toEqual([
    { name: "B", text: "b" },
    { name: "A", text: "a" },
  ]);
});

it("leaves out a slow provider, stops it, and lets stand what it said before", async () => {
  const sentences: string[] = [];
  let stopped = false;
  const slow = (name: string): Provider => ({
    name,
    waitMsMax: 50,
    make: async (signal) => {
      signal.addEventListener("abort", () => (stopped = true));
      return await new Promise<string>(() => undefined);
    },
  });
  const texts = await gatherTexts([slow("Slow"), slow("Fresh"), saying("A", "a")], {
    standing: [{ name: "Slow", text: "before" }],
    later: atOnce,
    onMissing: (sentence) => sentences.push(sentence),
  });
  expect(texts).toEqual([
    { name: "Slow", text: "before" },
    { name: "A", text: "a" },
  ]);
  expect(stopped).toBe(true);
  expect(sentences).toEqual([
    "“Slow” was left out of this turn: it took longer than 50 ms.",
    "“Fresh” was left out of this turn: it took longer than 50 ms.",
  ]);
});

it("survives a provider that fails, before its time and after it", async () => {
  const sentences: string[] = [];
  const failing: Provider = {
    name: "Bad",
    waitMsMax: 50,
    make: async () => {
      throw new Error("no disk");
    },
  };
  const late: Provider = {
    name: "Late",
    waitMsMax: 50,
    make: async (signal) =>
      await new Promise<string>((_, reject) =>
        signal.addEventListener("abort", () => reject(new Error("stopped"))),
      ),
  };
  const onMissing = (sentence: string): void => void sentences.push(sentence);
  expect(await gatherTexts([failing, late], { standing: [], later: atOnce, onMissing })).toEqual(
    [],
  );
  expect(sentences).toEqual([
    "“Bad” was left out of this turn: Error: no disk",
    "“Late” was left out of this turn: it took longer than 50 ms.",
  ]);
});
