import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { defaultModelFolder } from "./cache-folder.ts";

test("KVASIR_CACHE names the folder outright", () => {
  expect(defaultModelFolder({ KVASIR_CACHE: "here", XDG_CACHE_HOME: "there" }, "linux")).toBe(
    "here",
  );
});

test("each platform has its own default folder", () => {
  const home = homedir();
  const ending = join("kvasir", "models");
  expect(defaultModelFolder({ XDG_CACHE_HOME: "cache" }, "linux")).toBe(join("cache", ending));
  expect(defaultModelFolder({}, "linux")).toBe(join(home, ".cache", ending));
  expect(defaultModelFolder({}, "darwin")).toBe(join(home, "Library", "Caches", ending));
  expect(defaultModelFolder({ LOCALAPPDATA: "local" }, "win32")).toBe(join("local", ending));
});
