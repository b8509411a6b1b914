import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataFolder } from "./data-folder.ts";

test("KVASIR_DATA names the folder outright", () => {
  expect(dataFolder({ KVASIR_DATA: "here", XDG_DATA_HOME: "there" }, "linux")).toBe("here");
});

test("each platform has its own default folder", () => {
  const home = homedir();
  expect(dataFolder({ XDG_DATA_HOME: "data" }, "linux")).toBe(join("data", "kvasir"));
  expect(dataFolder({}, "linux")).toBe(join(home, ".local", "share", "kvasir"));
  const library = join(home, "Library", "Application Support");
  expect(dataFolder({}, "darwin")).toBe(join(library, "kvasir"));
  expect(dataFolder({ LOCALAPPDATA: "local" }, "win32")).toBe(join("local", "kvasir"));
});
