/**
 * Schemas of tools that others provide, put into the form in which the model sees our own: the
 * grammar under which calls are generated writes every property and reads only part of JSON schema.
 * What may be left out becomes `null`, which is taken out again before the tool is called: 0, "" and
 * [] can mean something to a tool that we do not know.
 */

type Json = Readonly<Record<string, unknown>>;

export type ForeignParameters = {
  readonly parameters: Record<string, unknown>;
  /** The arguments of a call as the tool wants them: without those that are not used. */
  readonly withoutUnused: (given: Readonly<Record<string, unknown>>) => Record<string, unknown>;
};

/** A schema as the model sees it, and how its values become values of the original. */
type Converted = {
  readonly schema: Record<string, unknown>;
  readonly clean: (value: unknown) => unknown;
};

/** Deeper parts may be anything; recursive schemas end there too. */
const DEPTH_MAX = 6;
/** Parts of one schema; those behind may be anything. */
const PARTS_MAX = 256;
/** A larger schema would fill a small window by itself; then the arguments may be any object. */
const SCHEMA_CHARACTERS_MAX = 16_000;
/** A description is for choosing and filling in. Each stands in every prompt. */
const DESCRIPTION_CHARACTERS_MAX = 300;

const SCALARS = ["string", "number", "integer", "boolean", "null"] as const;

const same = (value: unknown): unknown => value;

/** What a schema without a type allows; the grammar would take it for nothing but `null`. */
const ANYTHING: Converted = {
  schema: {
    oneOf: [
      { type: ["string", "number", "boolean", "null"] },
      { type: "object", additionalProperties: true },
      { type: "array" },
    ],
  },
  clean: same,
};

export function foreignParameters(inputSchema: unknown): ForeignParameters {
  const root = asJson(inputSchema) ?? {};
  const { schema, clean } = new Converter(root).object(root, 0);
  const isTooLarge = JSON.stringify(schema).length > SCHEMA_CHARACTERS_MAX;
  return {
    parameters: isTooLarge ? { type: "object", additionalProperties: true } : schema,
    withoutUnused: (given) => clean(given) as Record<string, unknown>,
  };
}

class Converter {
  readonly #root: Json;
  #parts = 0;

  constructor(root: Json) {
    this.#root = root;
  }

  object(source: Json, depth: number): Converted {
    const properties = Object.entries(asJson(source["properties"]) ?? {});
    const required = new Set(asList(source["required"]));
    const entries = properties.map(([name, property]) => {
      const converted = this.#convert(property, depth + 1);
      return [name, required.has(name) ? converted : unlessUnused(converted)] as const;
    });
    if (entries.length === 0 && depth > 0) return this.#map(source, depth);
    const byName = new Map(entries.map(([name, { clean }]) => [name, clean]));
    return {
      schema: {
        type: "object",
        properties: Object.fromEntries(entries.map(([name, { schema }]) => [name, schema])),
        ...(entries.length === 0 ? {} : { required: entries.map(([name]) => name) }),
      },
      clean: (value) => cleanedObject(value, byName),
    };
  }

  #convert(given: unknown, depth: number): Converted {
    const source = this.#resolved(given, depth);
    if (source === null || depth > DEPTH_MAX || ++this.#parts > PARTS_MAX) return ANYTHING;
    const { schema, clean } = this.#withoutDescription(source, depth);
    const description = shortened(source["description"]);
    return { schema: description === null ? schema : { ...schema, description }, clean };
  }

  #withoutDescription(source: Json, depth: number): Converted {
    if ("const" in source) return choice([source["const"]]);
    if (Array.isArray(source["enum"])) return choice(source["enum"]);
    const alternatives = asArray(source["oneOf"]) ?? asArray(source["anyOf"]);
    if (alternatives !== null) return this.#oneOf(alternatives, depth);
    const all = asArray(source["allOf"]);
    if (all !== null)
      return this.#convert(
        merged([source, ...all], (it) => this.#resolved(it, depth)),
        depth,
      );
    const types = asList(source["type"] ?? (asJson(source["properties"]) && "object"));
    if (types.length > 1 && types.some((type) => type === "object" || type === "array")) {
      return this.#oneOf(
        types.map((type) => ({ ...source, description: undefined, type })),
        depth,
      );
    }
    if (types.includes("object")) return this.object(source, depth);
    if (types.includes("array")) return this.#array(source, depth);
    const scalars = types.filter((type) => SCALARS.some((scalar) => scalar === type));
    if (scalars.length === 0) return ANYTHING;
    return { schema: { type: scalars.length === 1 ? scalars[0] : scalars }, clean: same };
  }

  /** An object whose keys nobody knows beforehand. */
  #map(source: Json, depth: number): Converted {
    const values = asJson(source["additionalProperties"]);
    if (values === null) {
      return { schema: { type: "object", additionalProperties: true }, clean: same };
    }
    const { schema, clean } = this.#convert(values, depth + 1);
    return {
      schema: { type: "object", additionalProperties: schema },
      clean: (value) => {
        const object = asJson(value);
        if (object === null) return value;
        return Object.fromEntries(Object.entries(object).map(([key, each]) => [key, clean(each)]));
      },
    };
  }

  #array(source: Json, depth: number): Converted {
    const items = asJson(source["items"]);
    if (items === null) return { schema: { type: "array" }, clean: same };
    const { schema, clean } = this.#convert(items, depth + 1);
    return {
      schema: { type: "array", items: schema },
      clean: (value) => (Array.isArray(value) ? value.map(clean) : value),
    };
  }

  #oneOf(alternatives: readonly unknown[], depth: number): Converted {
    const converted = alternatives.map((each) => this.#convert(each, depth + 1));
    const [only] = converted;
    if (only === undefined) return ANYTHING;
    if (converted.length === 1) return only;
    return {
      schema: { oneOf: converted.map(({ schema }) => schema) },
      // A value is cleaned as the first alternative that has all of its keys, if there is one.
      clean: (value) =>
        (converted.find(({ schema }) => holds(schema, value)) ?? ANYTHING).clean(value),
    };
  }

  /** Follows a reference within the schema; `null` for what is no schema or leads nowhere. */
  #resolved(given: unknown, depth: number): Json | null {
    const source = asJson(given);
    const reference = source?.["$ref"];
    if (source === null || typeof reference !== "string") return source;
    if (depth > DEPTH_MAX || !reference.startsWith("#/")) return null;
    const keys = reference.slice(2).split("/");
    const target = keys.reduce<unknown>(
      (place, key) => asJson(place)?.[key.replaceAll("~1", "/").replaceAll("~0", "~")],
      this.#root,
    );
    const { $ref: _, ...beside } = source;
    const found = this.#resolved(target, depth + 1);
    return found === null ? null : { ...found, ...beside };
  }
}

/** The same, or `null` for “not used”. */
function unlessUnused({ schema, clean }: Converted): Converted {
  const drop = (value: unknown): unknown => (value === null ? undefined : clean(value));
  if (allowsNull(schema)) return { schema, clean: drop };
  const { type, description, oneOf } = schema;
  if (Array.isArray(schema["enum"])) {
    return { schema: { ...schema, enum: [...(schema["enum"] as unknown[]), null] }, clean: drop };
  }
  if (type !== "object" && type !== "array" && oneOf === undefined) {
    return { schema: { ...schema, type: [...asList(type), "null"] }, clean: drop };
  }
  const { description: _, ...bare } = schema;
  const alternatives = [
    ...(Array.isArray(oneOf) ? (oneOf as unknown[]) : [bare]),
    { type: "null" },
  ];
  return {
    schema: { oneOf: alternatives, ...(description === undefined ? {} : { description }) },
    clean: drop,
  };
}

function allowsNull(schema: Json): boolean {
  if (Array.isArray(schema["enum"])) return schema["enum"].includes(null);
  const alternatives = asArray(schema["oneOf"]);
  if (alternatives !== null) return alternatives.some((each) => allowsNull(asJson(each) ?? {}));
  return asList(schema["type"]).includes("null");
}

function choice(values: readonly unknown[]): Converted {
  const plain = values.filter((value) => value === null || typeof value !== "object");
  return plain.length < values.length || plain.length === 0
    ? ANYTHING
    : { schema: { enum: plain }, clean: same };
}

/** Several schemas that all hold, as one: their properties together. */
function merged(all: readonly unknown[], resolve: (given: unknown) => Json | null): Json {
  const parts = all.map(resolve).filter((part) => part !== null);
  const { allOf: _, ...rest } = Object.assign({}, ...parts) as Json;
  const properties = Object.assign(
    {},
    ...parts.map((part) => asJson(part["properties"]) ?? {}),
  ) as Json;
  const required = parts.flatMap((part) => asList(part["required"]));
  return Object.keys(properties).length === 0 ? rest : { ...rest, properties, required };
}

function cleanedObject(
  value: unknown,
  byName: ReadonlyMap<string, (value: unknown) => unknown>,
): unknown {
  const object = asJson(value);
  if (object === null) return value;
  const entries = Object.entries(object).map(
    ([name, each]) => [name, (byName.get(name) ?? same)(each)] as const,
  );
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

function holds({ type, properties, items }: Json, value: unknown): boolean {
  if (Array.isArray(value)) return type === "array" && items !== undefined;
  const object = asJson(value);
  const known = asJson(properties);
  return object !== null && known !== null && Object.keys(object).every((key) => key in known);
}

function shortened(description: unknown): string | null {
  if (typeof description !== "string" || description.trim() === "") return null;
  const text = description.trim();
  if (text.length <= DESCRIPTION_CHARACTERS_MAX) return text;
  return `${text.slice(0, DESCRIPTION_CHARACTERS_MAX - 1).toWellFormed()}…`;
}

function asJson(value: unknown): Json | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Json)
    : null;
}

function asArray(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) && value.length > 0 ? value : null;
}

/** One string, or a list of them. */
function asList(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((each) => typeof each === "string");
}
