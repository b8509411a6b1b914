import { describe, expect, it } from "vitest";
import type { Workspace } from "../ports/workspace.ts";
import { NearRules } from "./near-rules.ts";

function rulesOf(files: Readonly<Record<string, string>>): NearRules {
  const workspace: Workspace = {
    root: "/",
    locate: async (path) => ({ kind: "inside", path, relative: path }),
    read: async (path) => {
      const text = files[path];
      return text === undefined
        ? { kind: "missing" }
        : { kind: "bytes", bytes: new TextEncoder().encode(text) };
    },
  };
  return new NearRules(workspace, "");
}

describe("rules of a folder that the agent comes to", () => {
  it("are told once, those of the folders around it first", async () => {
    const rules = rulesOf({ "p/AGENTS.md": "Use tabs.", "p/q/AGENTS.md": "Use spaces." });
    expect(await rules.take("p/q/a.ts")).toEqual({
      text:
        "p/AGENTS.md holds for the files of its folder:\nUse tabs.\n\n" +
        "p/q/AGENTS.md holds for the files of its folder:\nUse spaces.",
      leftOut: [],
    });
    expect(await rules.take("p/b.ts")).toEqual({ text: "", leftOut: [] });
  });

  it("are said to be left out where nothing of them fits", async () => {
    const rules = rulesOf({ "p/AGENTS.md": "x".repeat(10_000) });
    const sentence =
      "p/AGENTS.md was left out, because all rules together may have 6000 characters.";
    expect(await rules.take("p/a.ts")).toEqual({ text: sentence, leftOut: [sentence] });
  });

  it("are said to be cut where some of them fit", async () => {
    const rules = rulesOf({ "p/AGENTS.md": `Use tabs.\n${"x".repeat(10_000)}` });
    const { text, leftOut } = await rules.take("p/a.ts");
    expect(leftOut).toEqual([
      "p/AGENTS.md was cut to 9 of 10010 characters, because all rules together may have 6000 characters.",
    ]);
    expect(text).toContain("Use tabs.\n[The rest of p/AGENTS.md is left out.]");
    expect(text.endsWith(leftOut.join())).toBe(true);
  });
});
