import { describe, expect, it } from "vitest";
import { Gate } from "../approvals/gate.ts";
import { Outputs } from "../tools/outputs.ts";
import type { ToolHost, ToolOutcome } from "../tools/tool.ts";
import { toolSet } from "../tools/tool-set.ts";
import { type ExternalTool, externalTool } from "./external-tool.ts";

function tool(more: Partial<ExternalTool> = {}) {
  const schema = { type: "object", properties: { a: { type: "string" } } };
  const invoke = async (input: object): Promise<string> => JSON.stringify(input);
  return externalTool({ name: "look", description: "", inputSchema: schema, invoke, ...more });
}

const nobody = { request: async () => ({ kind: "no", sentence: "nobody is there." }) as const };
const policy = { trusted: true, root: "/", edits: true, writable: [], commands: [], external: [] };

/** All that such a tool needs of its host. */
function hostWith(external: readonly string[], trusted = true): ToolHost {
  const gate = new Gate(nobody, { ...policy, trusted, external });
  return { gate, outputs: new Outputs() } as Partial<ToolHost> as ToolHost;
}

async function run(
  it: ReturnType<typeof tool>,
  host: ToolHost,
  given: Record<string, unknown> = {},
): Promise<ToolOutcome> {
  const prepared = it.prepare(given);
  if (prepared.kind === "refused") throw new Error(prepared.text);
  const { signal } = new AbortController();
  return await prepared.run({ host, signal, onOutput: () => undefined });
}

describe("a tool that somebody else provides", () => {
  it("runs once the gate lets it pass, with the arguments that are used", async () => {
    expect(await run(tool(), hostWith(["look"]), { a: null })).toEqual({
      kind: "done",
      text: "{}",
    });
    expect(await run(tool(), hostWith(["other"]))).toEqual({
      kind: "failed",
      text: "look was not used: nobody is there.",
    });
    expect(await run(tool(), hostWith(["look"], false))).toMatchObject({
      kind: "failed",
      text: "look was not used: The workspace is not trusted, so no tool may run in it.",
    });
  });

  it("has another name where it has that of a tool of ours, and stands beside it", async () => {
    const clashing = tool({ name: "read_file" });
    const names = toolSet("minimal", [clashing]).map(({ schema }) => schema.name);
    expect(names).toEqual(["read_file", "edit_file", "finish", "external_read_file"]);
    // What was allowed is still the tool by its own name.
    expect(await run(clashing, hostWith(["read_file"]))).toMatchObject({ kind: "done" });
  });

  it("has its long answers kept, and a short one said as it is", async () => {
    const host = hostWith(["look"]);
    const long = await run(tool({ invoke: async () => "a line\n".repeat(50_000) }), host);
    expect(long.text.length).toBeLessThan(1_000);
    expect(long.text).toContain('[50000 lines in all; read_file with path "output:1" shows');
    expect(host.outputs.read("output:1")).toHaveLength(349_999);
    const nothing = await run(tool({ invoke: async () => "" }), host);
    expect(nothing.text).toBe("It answered nothing.");
  });

  it("runs alone, since nobody knows what it changes", () => {
    expect(tool().parallelSafe).toBe(false);
  });
});
