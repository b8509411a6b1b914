import { expect, it } from "vitest";
import { canonicalTools } from "./canonical-tools.ts";

const read = {
  name: "read",
  description: "Reads a file.",
  parameters: {
    type: "object",
    properties: { path: { type: "string" }, from: { type: "number" } },
  },
};
const edit = { name: "edit", description: "Edits a file." };

it("puts tools in the order of their names, whatever order they are offered in", () => {
  const names = canonicalTools([], [read, edit]).map(({ name }) => name);
  expect(names).toEqual(["edit", "read"]);
  expect(canonicalTools([], [edit, read])).toEqual(canonicalTools([], [read, edit]));
});

it("keeps the spelling of a tool that stands in the window when only keys have moved", () => {
  const respelled = {
    parameters: {
      properties: { from: { type: "number" }, path: { type: "string" } },
      type: "object",
    },
    description: read.description,
    name: read.name,
  };
  const kept = canonicalTools([read], [respelled]);
  expect(JSON.stringify(kept)).toBe(JSON.stringify([read]));
});

it("takes over a tool that says something else", () => {
  const changed = { ...edit, description: "Edits several files." };
  expect(canonicalTools([edit], [changed])).toEqual([changed]);
});
