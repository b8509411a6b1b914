import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SidecarProcess } from "../../cli/sidecar-process.ts";
import { foreignParameters } from "../../extension/agent/external/foreign-schema.ts";
import { answer, open, startSidecar, user } from "../support/client.ts";

let sidecar: SidecarProcess;
beforeAll(async () => {
  sidecar = await startSidecar("tiny");
});
afterAll(() => sidecar.stop());

const level = { enum: ["low", "high"] };

/** Written as servers of tools write them, and small enough that any model comes to an end. */
const SCHEMAS: Readonly<Record<string, { type: "object"; [key: string]: unknown }>> = {
  "optional arguments": {
    type: "object",
    properties: { level, deep: { type: "boolean" }, off: { type: "null" } },
    additionalProperties: false,
  },
  "alternatives and references": {
    type: "object",
    properties: {
      level: { anyOf: [{ $ref: "#/$defs/level" }, { type: "null" }], default: null },
      nested: { $ref: "#/$defs/nested" },
    },
    required: ["nested"],
    $defs: {
      level: { ...level, title: "Level" },
      nested: { type: "object", properties: { level: { $ref: "#/$defs/level" } } },
    },
  },
  "parts that both hold": {
    type: "object",
    properties: {
      both: {
        allOf: [
          { type: "object", properties: { level }, required: ["level"] },
          { properties: { other: { const: 3 } }, required: ["other"] },
        ],
      },
    },
    required: ["both"],
  },
};

describe("a model that has to call a tool whose schema somebody else wrote", () => {
  it.each(Object.entries(SCHEMAS))("writes every argument: %s", async (name, schema) => {
    const { parameters, withoutUnused } = foreignParameters(schema);
    const tools = [{ name: "look", description: "Looks.", parameters }];
    await open(sidecar, name, [user("u1", "Look.")], tools);
    const asked = { toolChoice: "required", maxTokens: 400 } as const;
    const { stop, events } = await answer(sidecar, name, 1, asked);
    expect(stop).toBe("toolCalls");
    const [call] = events.flatMap((event) => (event.kind === "toolCall" ? [event.call] : []));
    expect(Object.keys(call!.arguments)).toEqual(Object.keys(schema["properties"] as object));
    const used = withoutUnused(call!.arguments);
    for (const required of (schema["required"] as string[] | undefined) ?? []) {
      expect(used).toHaveProperty(required);
    }
    for (const value of Object.values(used)) expect(value).not.toBeUndefined();
  });
});
