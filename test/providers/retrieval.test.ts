import { symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Retrieval } from "../../extension/providers/retrieval/retrieval.ts";
import { never, testWorkspaces, type TestWorkspace } from "../support/test-workspace.ts";

const newWorkspace = testWorkspaces();
const BOX = "// A box.\nexport function boxSize(box: Box): number {\n  return box.width;\n}\n";
const SHOWN_BOX = `src/box.ts:1–4\n\`\`\`typescript\n${BOX}\`\`\``;

async function find(
  retrieval: Retrieval,
  message: string,
  given: Partial<Parameters<Retrieval["text"]>[0]> = {},
): Promise<string> {
  const query = {
    message,
    shownPaths: new Set<string>(),
    standing: "",
    charactersMax: 1_500,
    ...given,
  };
  return await retrieval.text(query, never());
}

const over = ({ workspace, search }: TestWorkspace): Retrieval =>
  new Retrieval({ workspace, search });

describe("retrieval", () => {
  it("shows where a message's names are defined, with path and lines", async () => {
    const retrieval = over(
      newWorkspace({ "src/box.ts": BOX, "src/other.ts": "export const other = 1;\n" }),
    );
    expect(await find(retrieval, "What does boxSize do?")).toBe(SHOWN_BOX);
  });

  it.each(["$user", "user$", "a$b"])("finds names with a dollar sign: %s", async (name) => {
    const place = newWorkspace({
      "src/a.ts": `export const ${name}_ = 1, other${name} = 2;\n`,
      "src/b.ts": `export const ${name} = 1;\n`,
    });
    expect(await find(over(place), `What is \`${name}\`?`)).toMatch(/^src\/b\.ts:1\n[^]*```$/u);
  });

  it.each(["Hello!", "", "What does nothingLikeThis do?", "x".repeat(100_000)])(
    "says nothing for %.40j",
    async (message) => {
      expect(await find(over(newWorkspace({ "src/box.ts": BOX })), message)).toBe("");
    },
  );

  it("leaves out files that are shown already, secrets, binary and huge files, and links that lead out", async () => {
    const place = newWorkspace({
      "shown.ts": "const theName = 1;\n",
      ".env": "theName=secret\n",
      "data.bin": new Uint8Array([0, 1, ...new TextEncoder().encode("theName")]),
      "huge.txt": `theName\n${"x".repeat(100)}\n`.repeat(50_000),
    });
    const outside = newWorkspace({ "o.ts": "const theName = 2;\n" });
    symlinkSync(join(outside.root, "o.ts"), join(place.root, "link.ts"));
    expect(tmpdir()).not.toBe(place.root);
    const shownPaths = new Set(["shown.ts"]);
    expect(await find(over(place), "Where is theName?", { shownPaths })).toBe("");
  });

  it("keeps within its budget, the best first", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`f${index}.ts`, `theName(${index});\n`.repeat(3)]),
    );
    const retrieval = over(newWorkspace({ ...files, "def.ts": "function theName() {}\n" }));
    const text = await find(retrieval, "Where is theName?", { charactersMax: 120 });
    expect(text.length).toBeLessThanOrEqual(120);
    expect(text).toMatch(/^def\.ts:1\n/u);
  });

  it("gives the same text again, and follows a file that changes", async () => {
    const place = newWorkspace({ "src/box.ts": BOX });
    const retrieval = over(place);
    const first = await find(retrieval, "What is boxSize?");
    expect(await find(retrieval, "And boxSize again?", { standing: first })).toBe(first);
    place.write({ "src/box.ts": BOX.replace("width", "height") });
    expect(await find(retrieval, "What is boxSize?", { standing: first })).toContain("box.height");
  });

  it("lets stand what was found, as long as it holds, when a message names nothing", async () => {
    const place = newWorkspace({ "src/box.ts": BOX });
    const retrieval = over(place);
    const standing = await find(retrieval, "What is boxSize?");
    expect(await find(retrieval, "Thanks!", { standing })).toBe(standing);
    place.write({ "src/box.ts": BOX.replace("width", "height") });
    expect(await find(retrieval, "Thanks!", { standing })).toBe("");
    expect(await find(retrieval, "Thanks!", { standing: "of another process" })).toBe("");
  });

  it("takes what a language server knows for a hit", async () => {
    const { workspace } = newWorkspace({ "gen.ts": "class theName {}\n" });
    const retrieval = new Retrieval({
      workspace,
      search: { text: async () => ({ hits: [], more: false }) },
      findSymbols: async (name) => [{ path: "gen.ts", line: 1, text: `class ${name}` }],
    });
    expect(await find(retrieval, "Where is theName?")).toMatch(/^gen\.ts:1\n/u);
  });

  it("fails with the sentence of the search when that cannot run", async () => {
    const { workspace } = newWorkspace();
    const search = { text: async () => ({ kind: "refused", sentence: "No rg." }) as const };
    await expect(find(new Retrieval({ workspace, search }), "Where is theName?")).rejects.toThrow(
      "No rg.",
    );
  });
});
