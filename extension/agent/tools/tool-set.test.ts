import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineTool } from "./tool.ts";
import { toolSet } from "./tool-set.ts";

const extra = (name: string) =>
  defineTool({
    name,
    description: "",
    parameters: z.object({ a: z.string().max(5).default("x") }),
    parallelSafe: false,
    sentence: () => name,
    run: async () => ({ kind: "done", text: "" }),
  });

const namesOf = (tools: ReturnType<typeof toolSet>): string[] =>
  tools.map(({ schema }) => schema.name);

describe("tools from elsewhere", () => {
  it("stand behind the built-in ones, by name, in whatever order they come", () => {
    const expected = [...namesOf(toolSet("full")), "mcp_a", "mcp_b"];
    expect(namesOf(toolSet("full", [extra("mcp_b"), extra("mcp_a")]))).toEqual(expected);
    expect(namesOf(toolSet("full", [extra("mcp_a"), extra("mcp_b")]))).toEqual(expected);
  });

  it("cannot stand in for a built-in one, not even where that is not offered", () => {
    expect(namesOf(toolSet("minimal", [extra("run_command")]))).toEqual(
      namesOf(toolSet("minimal")),
    );
  });
});

describe("a schema", () => {
  it("is given to the model without what only the check needs", () => {
    expect(extra("a").schema.parameters).toEqual({
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
    });
    expect(extra("a").prepare({ a: "too long" })).toMatchObject({ kind: "refused" });
    expect(extra("a").prepare({})).toMatchObject({ kind: "ready" });
  });
});
