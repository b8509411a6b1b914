import * as z from "zod";

/**
 * What is checked when a call arrives, and not before: every token of a schema stands in every
 * prompt, and in a grammar a longest length means as many rules.
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "$schema",
  "additionalProperties",
  "default",
  "maximum",
  "maxItems",
  "maxLength",
  "minimum",
  "minItems",
  "minLength",
]);

/**
 * The JSON schema that the model reads. Where a schema has a default the argument counts as given:
 * the grammar under which calls are generated writes every property, in this order.
 */
export function parametersOf(schema: z.ZodObject): Record<string, unknown> {
  return slim(z.toJSONSchema(schema, { io: "output" })) as Record<string, unknown>;
}

function slim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(slim);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !LEFT_OUT.has(key))
      .map(([key, inner]) => [key, slim(inner)]),
  );
}
