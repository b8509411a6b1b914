import { describe, expect, it } from "vitest";
import { foreignParameters } from "./foreign-schema.ts";

function converted(properties: Record<string, unknown>, more: Record<string, unknown> = {}) {
  const required = Object.keys(properties);
  const { parameters } = foreignParameters({ type: "object", properties, required, ...more });
  return (parameters as { properties: Record<string, unknown> }).properties;
}

const ANYTHING = {
  oneOf: [
    { type: ["string", "number", "boolean", "null"] },
    { type: "object", additionalProperties: true },
    { type: "array" },
  ],
};

describe("a schema that somebody else wrote", () => {
  it("loses what neither the model nor the grammar needs", () => {
    const { parameters } = foreignParameters({
      $schema: "http://json-schema.org/draft-07/schema#",
      title: "Arguments",
      type: "object",
      additionalProperties: false,
      properties: {
        query: {
          type: "string",
          title: "Query",
          description: " What to look for. ",
          minLength: 1,
          pattern: "^a",
          format: "uri",
          examples: ["a"],
        },
      },
      required: ["query"],
    });
    expect(parameters).toEqual({
      type: "object",
      properties: { query: { type: "string", description: "What to look for." } },
      required: ["query"],
    });
  });

  it.each([undefined, null, true, "text", [], { type: "string" }, {}])(
    "is an object without properties where it is none: %j",
    (schema) => {
      expect(foreignParameters(schema).parameters).toEqual({ type: "object", properties: {} });
    },
  );

  it.each([
    [{ type: "integer" }, { type: ["integer", "null"] }],
    [{ type: ["string", "number"] }, { type: ["string", "number", "null"] }],
    [{ type: ["string", "null"] }, { type: ["string", "null"] }],
    [{ enum: ["a", "b"] }, { enum: ["a", "b", null] }],
    [
      { const: 3, description: "Three." },
      { enum: [3, null], description: "Three." },
    ],
    [
      { type: "array", items: { type: "string" }, description: "Names." },
      {
        oneOf: [{ type: "array", items: { type: "string" } }, { type: "null" }],
        description: "Names.",
      },
    ],
    [
      { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] },
      {
        oneOf: [{ type: "string" }, { type: "array", items: { type: "string" } }, { type: "null" }],
      },
    ],
    [{}, ANYTHING],
  ])("says null for what may be left out: %j", (schema, expected) => {
    const { parameters } = foreignParameters({ type: "object", properties: { it: schema } });
    expect(parameters).toEqual({ type: "object", properties: { it: expected }, required: ["it"] });
  });

  it.each([
    [{ description: "Any." }, { ...ANYTHING, description: "Any." }],
    [true, ANYTHING],
    [{ type: "object" }, { type: "object", additionalProperties: true }],
    [
      { type: "object", additionalProperties: { type: "number", minimum: 1 } },
      { type: "object", additionalProperties: { type: "number" } },
    ],
    [{ type: "array" }, { type: "array" }],
    [{ type: "array", items: [{ type: "string" }] }, { type: "array" }],
    [{ oneOf: [{ type: "string" }] }, { type: "string" }],
    [
      { type: ["object", "string"], properties: { a: { type: "null" } }, required: ["a"] },
      {
        oneOf: [
          { type: "object", properties: { a: { type: "null" } }, required: ["a"] },
          { type: "string" },
        ],
      },
    ],
    [{ enum: [{ a: 1 }] }, ANYTHING],
    [{ type: "date" }, ANYTHING],
    [
      {
        allOf: [
          { properties: { a: { type: "string" } }, required: ["a"] },
          { type: "object", properties: { b: { type: "number" } }, required: ["b"] },
        ],
      },
      {
        type: "object",
        properties: { a: { type: "string" }, b: { type: "number" } },
        required: ["a", "b"],
      },
    ],
  ])("says the same in what the grammar reads: %j", (schema, expected) => {
    expect(converted({ it: schema })["it"]).toEqual(expected);
  });

  it("has its references put in place, those that lead nowhere or to themselves as anything", () => {
    const definitions = {
      "a/b": { type: "string", description: "A name." },
      tree: {
        type: "object",
        properties: { child: { $ref: "#/definitions/tree" } },
        required: ["child"],
      },
    };
    const { named, lost, tree } = converted(
      {
        named: { $ref: "#/definitions/a~1b" },
        lost: { $ref: "https://example.org/schema" },
        tree: { $ref: "#/definitions/tree" },
      },
      { definitions },
    );
    expect(named).toEqual({ type: "string", description: "A name." });
    expect(lost).toEqual(ANYTHING);
    expect(JSON.stringify(tree).length).toBeLessThan(1_000);
    expect(converted({ self: { $ref: "#/properties/self" } })["self"]).toEqual(ANYTHING);
  });

  it("is bounded, however large it is", () => {
    const wide = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, index) => [`p${index}`, { $ref: "#/$defs/deep" }]),
    );
    const deep = {
      type: "object",
      properties: { a: { type: "array", items: { $ref: "#/$defs/deep" } } },
    };
    const description = "long ".repeat(1_000);
    const { parameters } = foreignParameters({ properties: wide, $defs: { deep } });
    expect(parameters).toEqual({ type: "object", additionalProperties: true });
    const { it: shortened } = converted({ it: { type: "string", description } });
    expect(JSON.stringify(shortened).length).toBeLessThan(400);
  });
});

describe("the arguments of a call", () => {
  const nested = {
    type: "object",
    properties: { name: { type: "string" }, size: { type: "number" } },
    required: ["name"],
  };
  const { withoutUnused } = foreignParameters({
    type: "object",
    properties: {
      must: { type: ["string", "null"] },
      may: { type: "string" },
      list: { type: "array", items: nested },
      either: { anyOf: [{ type: "string" }, nested, { type: "null" }] },
      map: { type: "object", additionalProperties: nested },
    },
    required: ["must"],
  });

  it("go to the tool without those that are not used, at any depth", () => {
    const unused = { name: "a", size: null };
    expect(
      withoutUnused({
        must: null,
        may: null,
        list: [unused, { name: "b", size: 1 }],
        either: unused,
        map: { x: unused },
      }),
    ).toEqual({
      must: null,
      list: [{ name: "a" }, { name: "b", size: 1 }],
      either: { name: "a" },
      map: { x: { name: "a" } },
    });
  });

  it("keep what is empty, and what the schema does not know", () => {
    const given = { must: "", may: "", list: [], other: null };
    expect(withoutUnused(given)).toEqual(given);
  });
});
