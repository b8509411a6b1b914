// Metadata values as the GGUF version 3 specification encodes them (ggml repository, docs/gguf.md).

/** The value type numbers of the GGUF specification. */
const valueTypes = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9, uint64: 10 };

type ScalarType = Exclude<keyof typeof valueTypes, "array">;

/** One metadata value, already encoded behind its type number. */
export interface MetadataValue {
  readonly bytes: Uint8Array;
}

/** Metadata keys and values in file order. */
export type Metadata = readonly (readonly [key: string, value: MetadataValue])[];

export function encodeUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function encodeUint64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** A GGUF string: its length in bytes, then UTF-8 without a final zero. */
export function encodeString(value: string): Buffer {
  const text = Buffer.from(value, "utf8");
  return Buffer.concat([encodeUint64(text.length), text]);
}

function encodeInt32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function encodeFloat32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function encodeBool(value: boolean): Buffer {
  return Buffer.from([value ? 1 : 0]);
}

function scalar(type: ScalarType, bytes: Buffer): MetadataValue {
  return { bytes: Buffer.concat([encodeUint32(valueTypes[type]), bytes]) };
}

function array(type: ScalarType, elements: readonly Buffer[]): MetadataValue {
  const header = [valueTypes.array, valueTypes[type]].map(encodeUint32);
  return { bytes: Buffer.concat([...header, encodeUint64(elements.length), ...elements]) };
}

export function uint32Value(value: number): MetadataValue {
  return scalar("uint32", encodeUint32(value));
}

export function int32Value(value: number): MetadataValue {
  return scalar("int32", encodeInt32(value));
}

export function float32Value(value: number): MetadataValue {
  return scalar("float32", encodeFloat32(value));
}

export function boolValue(value: boolean): MetadataValue {
  return scalar("bool", encodeBool(value));
}

export function stringValue(value: string): MetadataValue {
  return scalar("string", encodeString(value));
}

export function uint64Value(value: number | bigint): MetadataValue {
  return scalar("uint64", encodeUint64(value));
}

export function uint32ArrayValue(values: readonly number[]): MetadataValue {
  return array("uint32", values.map(encodeUint32));
}

export function int32ArrayValue(values: readonly number[]): MetadataValue {
  return array("int32", values.map(encodeInt32));
}

export function float32ArrayValue(values: readonly number[]): MetadataValue {
  return array("float32", values.map(encodeFloat32));
}

export function boolArrayValue(values: readonly boolean[]): MetadataValue {
  return array("bool", values.map(encodeBool));
}

export function stringArrayValue(values: readonly string[]): MetadataValue {
  return array("string", values.map(encodeString));
}

export function uint64ArrayValue(values: readonly (number | bigint)[]): MetadataValue {
  return array("uint64", values.map(encodeUint64));
}
