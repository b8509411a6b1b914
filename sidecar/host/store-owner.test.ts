import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlockStore } from "../store/block-store.ts";
import { StoreOwner } from "./store-owner.ts";

let folder: string;
let said: string[];
let owner: StoreOwner;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-owner-"));
  said = [];
  owner = new StoreOwner(BlockStore.open, (sentence) => said.push(sentence));
});
afterEach(async () => {
  await owner.close();
  rmSync(folder, { recursive: true });
});

describe("the store of a process", () => {
  it("is opened once, by whoever needs it first", async () => {
    owner.configure({ folder });
    const [one, other] = await Promise.all([owner.current(), owner.current()]);
    expect(one).not.toBeNull();
    expect(other).toBe(one);
  });

  it("is none until one is configured, and a refusal says so", async () => {
    expect(await owner.current()).toBeNull();
    await expect(owner.require()).rejects.toThrow("the store is switched off.");
  });

  it("is closed when another one is configured, and stays when the same one is", async () => {
    owner.configure({ folder });
    const store = await owner.current();
    expect(owner.configure({ folder })).toBe(false);
    expect(await owner.current()).toBe(store);
    expect(owner.configure({ folder, budgetMb: 10 })).toBe(true);
    const next = await owner.current();
    expect((await next?.call("stats"))?.budgetBytes).toBe(10_000_000);
    await expect(store?.call("stats")).rejects.toThrow("it has been closed");
  });

  it("that cannot be opened is said once, and is none", async () => {
    const file = join(folder, "file");
    writeFileSync(file, "");
    owner.configure({ folder: file });
    expect(await owner.current()).toBeNull();
    expect(await owner.current()).toBeNull();
    await expect(owner.require()).rejects.toThrow(/^The store cannot be used: /u);
    expect(said).toHaveLength(1);
  });
});

it("says every sentence once", () => {
  for (const sentence of ["A.", "B.", "A."]) owner.say(sentence);
  expect(said).toEqual(["A.", "B."]);
});
