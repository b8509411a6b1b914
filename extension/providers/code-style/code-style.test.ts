import { expect, it } from "vitest";
import type { Workspace } from "../../agent/ports/workspace.ts";
import { readCodeStyle } from "./code-style.ts";

async function style(
  files: Readonly<Record<string, string>>,
  folderNames: readonly string[] = [],
): Promise<string> {
  const workspace: Workspace = {
    root: "/w",
    locate: async (path) => ({ kind: "inside", path, relative: path }),
    read: async (path) => {
      const text = files[path];
      if (text === undefined) return { kind: "missing" };
      return { kind: "bytes", bytes: new TextEncoder().encode(text) };
    },
  };
  const paths = Object.keys(files).toSorted();
  const search = { files: async () => ({ paths, total: paths.length }) };
  const { signal } = new AbortController();
  return await readCodeStyle({ workspace, search, folderNames }, { charactersMax: 450, signal });
}

const FOLDERS = {
  "app/.editorconfig": "[src/*.ts]\nindent_size = 4\n[app/**]\nmax_line_length = 80\n",
  "app/package.json": '{ "devDependencies": { "vitest": "1.0.0" } }',
  "app/src/a.ts": "",
  "app/src/b.ts": "",
  "other/.editorconfig": "[*]\nindent_style = tab\n",
  "other/package.json": '{ "devDependencies": { "jest": "1.0.0" } }',
  "other/src/c.ts": "",
};

it("comes from the settings of the folder with most of the code, of several in a window", async () => {
  const text = "Layout of typescript: indent with 4 spaces.\nTests: with vitest.";
  expect(await style(FOLDERS, ["app", "other"])).toBe(text);
  expect(await style(FOLDERS, ["other", "app"])).toBe(text);
  const moved = { ...FOLDERS, "other/src/d.ts": "", "other/src/e.ts": "" };
  expect(await style(moved, ["app", "other"])).toBe(
    "Layout of typescript: indent with tabs.\nTests: with jest.",
  );
});

it("takes no folder within a workspace for one of several", async () => {
  expect(await style(FOLDERS)).toBe("");
});

it("goes over the names of folders and files once, however they were chosen", async () => {
  const folders = `${"a".repeat(254)}/`.repeat(16);
  const files = Array.from({ length: 2_000 }, (_, index) => [`${folders}${index}.ts`, ""] as const);
  expect(await style(Object.fromEntries(files))).toBe("");
});
