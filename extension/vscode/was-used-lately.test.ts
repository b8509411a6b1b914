import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { wasUsedLately } from "./was-used-lately.ts";

const NOW_MS = 1_700_000_000_000;
const MINUTE_MS = 60_000;
const CHAT = "0b7b4c1e-3f6a-4c1d-9f5e-2a7d8c9e0f12.json";
const OTHER_CHAT = CHAT.replace("0b", "1b");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kvasir-lately-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const usedAt = (name: string, usedMs: number): void => {
  writeFileSync(join(folder, name), "{}");
  utimesSync(join(folder, name), usedMs / 1_000, usedMs / 1_000);
};

it("knows a folder whose chat was used within the hour, whatever else lies there", async () => {
  usedAt(CHAT, NOW_MS - 59 * MINUTE_MS);
  usedAt(OTHER_CHAT, NOW_MS - 600 * MINUTE_MS);
  usedAt("notes.txt", NOW_MS);
  expect(await wasUsedLately(folder, NOW_MS)).toBe(true);
});

it("leaves one alone whose chats are older, whatever else lies there", async () => {
  usedAt(CHAT, NOW_MS - 61 * MINUTE_MS);
  usedAt(OTHER_CHAT.replace(".json", ".unreadable"), NOW_MS);
  usedAt(`${CHAT}.12-0.tmp`, NOW_MS);
  expect(await wasUsedLately(folder, NOW_MS)).toBe(false);
});

it("leaves one alone that has no chats", async () => {
  expect(await wasUsedLately(folder, NOW_MS)).toBe(false);
  expect(await wasUsedLately(join(folder, "none"), NOW_MS)).toBe(false);
});
